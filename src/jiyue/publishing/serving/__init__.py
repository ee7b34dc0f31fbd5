"""The embedded portal server. It reads JIYUE_HOME and never writes there, except the access log it is told to keep."""

from jiyue.publishing.serving.limits import Limits
from jiyue.publishing.serving.passing import listen_privately
from jiyue.publishing.serving.portal import Portal
from jiyue.publishing.serving.server import PortalServer, serve, serve_privately
from jiyue.publishing.serving.tree_digests import TreeDigests

__all__ = ["Limits", "Portal", "PortalServer", "TreeDigests", "listen_privately", "serve", "serve_privately"]
