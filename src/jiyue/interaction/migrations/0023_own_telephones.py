from django.db import migrations

OWN_PHONE = "本单位电话"


def name_own_telephones(apps, _editor) -> None:
    """Numbers of a unit's own telephone were nobody's until the host of the site was put beside them (`calls.centre_of`)."""
    cases = apps.get_model("interaction", "Case").objects.filter(source="hotline")
    for case in cases.filter(handed_by=OWN_PHONE).select_related("site"):
        named = f"{OWN_PHONE}（{case.site.host}）"[:120]
        if not cases.filter(handed_by=named, outer_number=case.outer_number).exclude(outer_number="").exists():
            case.handed_by = named
            case.save(update_fields=["handed_by"])


class Migration(migrations.Migration):
    dependencies = [
        ("interaction", "0022_reply_classes"),
    ]

    operations = [
        migrations.RunPython(name_own_telephones, migrations.RunPython.noop),
    ]
