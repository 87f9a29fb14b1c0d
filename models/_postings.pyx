# distutils: language = c++
"""The clusterer's hot loop, compiled; `microcluster` is what it must agree with, to the last bit."""


cpdef double dot(list left, list right):
    """Return the sum of the products of two lists of equal length, added up from left to right."""
    assert len(left) == len(right), "lists of different length have no dot product"
    cdef double total = 0.0
    cdef double one, other
    for one, other in zip(left, right):
        total += one * other
    return total
