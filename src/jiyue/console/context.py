"""What every console template may read: the site in hand and those one can switch to."""

from jiyue.console.rules import staff
from jiyue.console.sites import FEW, current_site, own_sites


def console(request) -> dict:
    """The site bar, asked for lazily: a page that shows none costs no query."""
    user = getattr(request, "user", None)
    return {"site_bar": SiteBar(request) if user is not None and staff(user) else None}


class SiteBar:
    """The current site and the others, as a template asks for them."""

    def __init__(self, request) -> None:
        self._request = request

    @property
    def site(self):
        return current_site(self._request)

    @property
    def choices(self) -> list:
        """At most FEW sites to pick from; empty when there are more, which are looked for on their own page."""
        if not hasattr(self, "_choices"):
            found = list(own_sites(self._request)[: FEW + 1])
            self._many = len(found) > FEW
            self._choices = [] if self._many else found
        return self._choices

    @property
    def many(self) -> bool:
        return not self.choices and self._many
