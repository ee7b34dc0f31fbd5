"""What `jiyue verify` says of each problem. A plain table: verifying needs neither a database nor a catalogue."""

from typing import Final

from jiyue.domain.release_chain import Problem

CHINESE: Final = "zh"
ENGLISH: Final = "en"
LANGUAGES: Final = (CHINESE, ENGLISH)

_CHINESE: Final = {
    "anchor-differs": "首个签名公钥是 {found}，与预期的 {expected} 不一致",
    "content-differs": "{path} 的内容与清单不符：应为 {expected}，实为 {found}",
    "directory-missing": "{path} 对应的目录 {expected} 不存在",
    "entry-foreign": "{path} 不在清单中，不是由本平台发布的",
    "entry-missing": "{path} 在清单中，但文件不存在",
    "entry-replaced": "{path} 被换成了别的东西：应为 {expected}，实为 {found}",
    "heads-differ": "{path} 公布的发布链头与最新发布批次不一致",
    "heads-missing": "{path} 不存在，发布链头没有公布",
    "key-damaged": "签名公钥文件 {path} 已损坏",
    "key-foreign": "{path} 不是由此前的密钥签名引入的，不可信",
    "key-retired": "{path} 用已更换的密钥 {found} 签名，此前已启用 {expected}",
    "key-unknown": "{path} 的签名密钥 {found} 不在可信密钥之列",
    "manifest-damaged": "{path} 的目录清单 {expected} 已损坏",
    "manifest-missing": "{path} 的目录清单 {expected} 不存在",
    "mode-wrong": "{path} 的权限应为 {expected}，实为 {found}",
    "object-damaged": "{path} 在对象库中的原件 {expected} 已损坏",
    "object-missing": "{path} 在对象库中的原件 {expected} 不存在",
    "parent-differs": "{path} 与前一批次衔接不上：应为 {expected}，实为 {found}",
    "release-damaged": "发布批次文件 {path} 已损坏：{found}",
    "release-foreign": "{path} 不是发布批次文件",
    "release-misplaced": "{path} 与所在位置不符：应为 {expected}，实为 {found}",
    "release-missing": "缺少发布批次文件 {path}",
    "root-differs": "{path} 对外提供的不是最新发布批次：应为 {expected}，实为 {found}",
    "root-foreign": "{path} 没有发布批次，却对外提供内容",
    "root-missing": "{path} 不存在，网站没有对外提供最新发布批次",
    "signature-false": "{path} 的签名不真实（密钥 {expected}）",
    "time-goes-back": "{path} 的时间早于前一批次：前一批次 {expected}，本批次 {found}",
    "witness-differs": "发布链与此前留存的链头不一致：{path} 应为 {expected}，实为 {found}",
    "unreadable": "{path} 无法读取：{found}",
}

_ENGLISH: Final = {
    "anchor-differs": "The first signing key is {found}, not the expected {expected}",
    "content-differs": "{path}: the content is not what the manifest says; expected {expected}, found {found}",
    "directory-missing": "{path}: its directory {expected} is missing",
    "entry-foreign": "{path}: not in the manifest; this platform did not publish it",
    "entry-missing": "{path}: in the manifest, but there is no such file",
    "entry-replaced": "{path}: replaced by something else; expected {expected}, found {found}",
    "heads-differ": "{path}: the published chain head is not that of the newest release",
    "heads-missing": "{path}: missing; the chain head is not published",
    "key-damaged": "{path}: the public key file is damaged",
    "key-foreign": "{path}: no key before it introduced this key; it is not trusted",
    "key-retired": "{path}: signed with {found}, although {expected} had taken over",
    "key-unknown": "{path}: the signing key {found} is not trusted",
    "manifest-damaged": "{path}: its manifest {expected} is damaged",
    "manifest-missing": "{path}: its manifest {expected} is missing",
    "mode-wrong": "{path}: the mode must be {expected}, but is {found}",
    "object-damaged": "{path}: its original {expected} in the object store is damaged",
    "object-missing": "{path}: its original {expected} in the object store is missing",
    "parent-differs": "{path}: does not follow from the release before; expected {expected}, found {found}",
    "release-damaged": "{path}: the release file is damaged: {found}",
    "release-foreign": "{path}: not a release file",
    "release-misplaced": "{path}: not in its place; expected {expected}, found {found}",
    "release-missing": "{path}: this release file is missing",
    "root-differs": "{path}: does not serve the newest release; expected {expected}, found {found}",
    "root-foreign": "{path}: serves something, although there is no release",
    "root-missing": "{path}: missing; the newest release is not served",
    "signature-false": "{path}: the signature is not genuine (key {expected})",
    "time-goes-back": "{path}: earlier than the release before; that was {expected}, this is {found}",
    "witness-differs": "The chain is not the one whose head was kept: {path} should be {expected}, but is {found}",
    "unreadable": "{path}: cannot be read: {found}",
}

SENTENCES: Final = {CHINESE: _CHINESE, ENGLISH: _ENGLISH}


def sentence(problem: Problem, language: str = CHINESE) -> str:
    """One sentence for a person; raises KeyError for a language that is not one of `LANGUAGES`."""
    wording = SENTENCES[language][problem.code]
    return wording.format(path=problem.path, expected=problem.expected or "-", found=problem.found or "-")
