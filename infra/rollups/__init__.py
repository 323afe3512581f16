"""The rollup: changed surveys are folded into day files, days into months' totals, closed periods into reports."""
