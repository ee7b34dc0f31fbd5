"""上级动态: what watched portals publish, read out of RSS, Atom, sitemaps or the list page of a column."""
