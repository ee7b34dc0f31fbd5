"""Content checks (内容检测): what a text must not carry to the public, found before it gets there. See README.md."""
