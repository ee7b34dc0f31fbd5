"""Where uploads lie: a file keeps the name with which it was uploaded, for editors and for the public."""

from pathlib import PurePath

from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string
from django.utils.deconstruct import deconstructible


@deconstructible(path="jiyue.content.storing.OwnFolders")
class OwnFolders(FileSystemStorage):
    """A second file of a name goes into a folder of its own, where Django would put random letters into its name."""

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """The same name in a new folder. Asked again for what is taken there too, it leaves that folder out."""
        return f"{get_random_string(10).lower()}/{PurePath(file_root).name}{file_ext}"
