"""What the measurements stand on: a home of its own, and a site with very many public documents.

Rows are written in bulk but are genuine: every seal, digest and link of the chain is what the actions would have made,
so the publisher works on them as on any others.
"""
