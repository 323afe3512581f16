"""Packages for Lambda: for each function of template.yaml what it imports, and nothing else. Nothing here runs on AWS."""
