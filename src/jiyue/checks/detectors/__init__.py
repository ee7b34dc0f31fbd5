"""One module for each family of detectors; `find(matter, settings)` yields findings in any order."""
