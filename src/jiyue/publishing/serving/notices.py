"""The platform's own pages: what is said when no site may speak. They name no site and need no other file."""

import base64
import hashlib

from jiyue.publishing.serving import media

STYLE = (
    "body{margin:0;font:1.125rem/1.75 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#1b1f24;"
    "background:#f6f7f9}main{max-width:36rem;margin:12vh auto;padding:2rem;background:#fff;"
    "border-top:4px solid #1f4e8c}"
    "h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.4}p{margin:0}"
    "@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#14171a}main{background:#1e2226}}"
)
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; frame-ancestors 'none'"

UNKNOWN_HOST = "unknown-host"
LETTER_TOO_LARGE, TOO_MANY_LETTERS = "letter-too-large", "too-many-letters"
STATUS = {UNKNOWN_HOST: 404, LETTER_TOO_LARGE: 413, TOO_MANY_LETTERS: 503}  # of the pages that are not named by theirs
WORDING: dict[int | str, tuple[str, str]] = {
    400: ("请求有误", "浏览器发来的请求不完整或格式不对，无法处理。"),
    404: ("没有找到这个页面", "地址可能输入有误，或者页面已经移走。"),
    UNKNOWN_HOST: ("没有找到这个网站", "本平台没有使用这个域名的网站，请核对地址。"),
    405: ("不支持的操作", "这里的页面只供查看。"),
    408: ("请求超时", "等待请求的时间过长，请重新打开页面。"),
    410: ("页面已撤下", "这个页面已经撤下，不再提供。"),
    411: ("请求有误", "这里不接收提交的内容。"),
    LETTER_TOO_LARGE: (
        "附件太大",
        "附件合计不能超过 10 MB，每个不超过 5 MB。请按浏览器的返回键，填写的文字还在，去掉或压缩附件后再提交。",
    ),
    TOO_MANY_LETTERS: (
        "提交的人太多",
        "现在提交附件的人太多。请按浏览器的返回键，填写的文字还在，过一两分钟再提交。",
    ),
    413: ("请求有误", "这里不接收提交的内容。"),
    414: ("地址过长", "请核对地址后重试。"),
    416: ("请求的范围不存在", "文件没有所请求的部分，请重新下载。"),
    431: ("请求有误", "浏览器发来的请求头过长，请清除本网站的 Cookie 后重试。"),
    500: ("服务出错", "服务器遇到了意外的问题，请稍后再试。"),
    503: ("暂时无法访问", "网站正在核验或维护，请稍后再试。"),
    505: ("请求有误", "不支持这个版本的 HTTP 协议。"),
}


def notice(key: int | str) -> bytes:
    """A complete page in Chinese for a status (or for a host that no site owns)."""
    title, text = WORDING[key]
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n</main>\n</body>\n</html>\n"
    ).encode()


NOTICES: dict[int | str, bytes] = {key: notice(key) for key in WORDING}
HEADERS = media.page_headers(POLICY)
