"""The designers of reports and of dashboards."""
