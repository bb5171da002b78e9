"""One formula language for conditions, computed fields, filters and measures."""
