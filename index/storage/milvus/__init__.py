"""An engine in Milvus: a cluster by its address, or a file of milvus-lite.

The catalog stays the truth. What stands in Milvus is derived from it by ids, and is sent again
where it was lost.
"""
