"""Documents that a document amends or repeals are named line by line, as its own text names them."""

import pytest
from django.urls import reverse

from jiyue.content.models import PolicyDocument
from tests.apps.console.test_writing import form
from tests.cast import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(cast, now):
    """Two documents with one title, and one that another unit has not published."""

    def make(tenant, number):
        return draft(tenant, now=now, title="澄湖市停车管理办法", kind="policy_document", column="zcwj",
                     document_number=number)  # fmt: skip

    return (
        make(cast.city, "澄政发〔2018〕3号"),
        make(cast.city, "澄政发〔2020〕7号"),
        make(cast.outside, "邻政发〔2020〕1号"),
    )


def sent(cast, sign_in, record, repeals):
    facts = ("document_number", "issuer", "written_on", "issued_on", "effective_on", "expires_on", "index_number",
             "public_effect", "drafting_unit", "signatory", "addressee", "amends")  # fmt: skip
    more = dict.fromkeys(facts, "") | {"validity": "in_force", "public_scope": "active", "repeals": repeals}
    data = form(cast.city.columns["zcwj"], title=record.title, **more)
    return sign_in(cast.city.editor).post(reverse("console_policy_document:edit", args=[record.pk]), data)


def test_numbers_are_read_however_they_are_written(cast, now, sign_in, named):
    record = draft(cast.city, now=now, title="关于废止文件的决定", kind="policy_document", column="zcwj")
    answer = sent(
        cast, sign_in, record, "澄政发[2018]3号\r\n\r\n《澄湖市停车管理办法》（澄政发〔2020〕7号）\r\n澄政发〔2018〕3号"
    )
    assert answer.status_code == 302
    assert set(PolicyDocument.objects.get(pk=record.pk).repeals.all()) == {one.typed for one in named[:2]}
    shown = sign_in(cast.city.editor).get(reverse("console_policy_document:edit", args=[record.pk])).content.decode()
    assert "《澄湖市停车管理办法》（澄政发〔2018〕3号）\n《澄湖市停车管理办法》（澄政发〔2020〕7号）" in shown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("澄湖市停车管理办法", "有不止一份文件叫“澄湖市停车管理办法”，请写发文字号"),
        ("澄政发〔1999〕3号", "没有找到“澄政发〔1999〕3号”"),
        ("邻政发〔2020〕1号", "没有找到“邻政发〔2020〕1号”"),
        ("<script>alert(1)</script>", "没有找到“&lt;script&gt;"),
        ("\u202e\x00号3", "没有找到"),
    ],
)
def test_a_line_that_names_none_is_told_and_kept(cast, now, sign_in, named, line, sentence):
    record = draft(cast.city, now=now, title="关于废止文件的决定", kind="policy_document", column="zcwj")
    answer = sent(cast, sign_in, record, f"澄政发〔2018〕3号\n{line}")
    page = answer.content.decode()
    assert answer.status_code == 200
    if "\x00" not in line:
        assert sentence in page
    assert "澄政发〔2018〕3号" in page
    assert not PolicyDocument.objects.get(pk=record.pk).repeals.exists()


def test_a_document_cannot_end_itself(cast, now, sign_in, named):
    answer = sent(cast, sign_in, named[0], "澄政发〔2018〕3号")
    assert "没有找到" in answer.content.decode()
