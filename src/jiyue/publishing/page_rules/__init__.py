"""模板对照检查: the baked pages of a site against the checklist of its rules (PAGE-04)."""
