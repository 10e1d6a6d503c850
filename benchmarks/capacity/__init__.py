"""How many machines, how much memory and how many hours a collection of some size takes.

`benchmarks.capacity.__main__` prints it. Rates (rates.json) are measured by small parts, points
(points.json) by the other benchmarks; the simulator must reproduce the points from the rates.
"""
