"""A signed document as files to take away: DOCX and PDF, the same bytes for the same signed content (ADR 0020)."""
