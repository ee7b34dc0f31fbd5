"""A plain Wagtail site: one page type, the blocks of the documents in `building.documents`."""
