"""Plots as SVG and PNG: laid out once, drawn twice."""
