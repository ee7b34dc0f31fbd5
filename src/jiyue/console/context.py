"""What every console template may read."""


def console(request) -> dict:
    return {}
