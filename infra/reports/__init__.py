"""What a report looks like: a page, a workbook, and one row for each answer."""
