"""`minga study`: many elections counted by many rules, on Dask, into one Parquet table."""
