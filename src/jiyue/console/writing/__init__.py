"""The writing screens: Wagtail's editor, its objects fetched by our policies and its saves done by our actions."""
