# ruff: noqa: E501 - as the clipboard gives it
"""What Word, WPS and a spreadsheet put on the clipboard when text is copied, written by hand after their manner."""

from base64 import b64encode

from tests.pictures import png

WORD_LISTS = """<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-char-indent-count:0;
mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US style='mso-fareast-font-family:等线;mso-bidi-font-family:
等线'><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]><span
style='font-family:等线;mso-hansi-font-family:等线'>按时清理湖岸</span><span lang=EN-US><o:p></o:p></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
lang=EN-US><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>每周公布进展<o:p></o:p></p>"""

WORD_TABLE = """<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none;
mso-border-alt:solid windowtext .5pt;mso-yfti-tbllook:1184;mso-padding-alt:0cm 5.4pt 0cm 5.4pt'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=276 valign=top style='width:207.4pt;border:solid windowtext 1.0pt'>
 <p class=MsoNormal><span style='font-family:等线'>单位</span><o:p></o:p></p></td><td width=276 valign=top><p class=MsoNormal>时限</p></td></tr>
 <tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'><td><p class=MsoNormal>湖滨区</p></td><td><p class=MsoNormal>十二月底</p></td></tr>
</table>"""

WORD = f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Users/x/AppData/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal, li.MsoNormal {{mso-style-unhide:no; margin:0cm; text-align:justify;
font-size:10.5pt; font-family:等线; mso-fareast-language:ZH-CN;}} @page WordSection1 {{size:595.3pt 841.9pt;}} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt;word-wrap:break-word'><!--StartFragment-->
<h2 style='mso-pagination:widow-orphan'><span style='font-family:"黑体";mso-ascii-font-family:Cambria'>清理安排</span><span lang=EN-US><o:p></o:p></span></h2>
<p class=MsoNormal style='text-indent:21.0pt;mso-char-indent-count:2.0'><span style='font-family:仿宋;mso-hint:eastAsia;color:red'>各单位要<b
style='mso-bidi-font-weight:normal'>按时</b>完成清理。</span><span lang=EN-US style='font-family:仿宋'><o:p></o:p></span></p>
<p class=MsoNormal style='text-indent:21.0pt'><span style='font-family:仿宋'>逾期的予以通报。</span></p>
{WORD_LISTS}
{WORD_TABLE}
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="_x0000_i1025" style='width:90pt'><v:imagedata src="file:///C:/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img
width=120 height=80 src="file:///C:/Users/x/AppData/Local/Temp/msohtmlclip1/01/clip_image002.png" v:shapes="_x0000_i1025"><![endif]></p>
<!--EndFragment--></body></html>"""

WPS = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name="ProgId" content="Word.Document"/><meta name="Generator" content="Microsoft Word 14"/><title></title>
<style>@font-face{{font-family:"宋体";}} p.MsoNormal{{mso-style-name:正文;mso-style-parent:"";text-align:justify;mso-font-kerning:1.0000pt;}}</style></head>
<body style="tab-interval:21pt;text-justify-trim:punctuation;"><!--StartFragment--><div class="Section0" style="layout-grid:15.6000pt;">
<p class=MsoNormal><b><span style="mso-spacerun:'yes';font-family:宋体;font-size:16.0000pt;"><font face="宋体">为做好湖岸巡查，通知如下。</font></span></b><span
style="mso-spacerun:'yes';font-size:10.5000pt;"><o:p></o:p></span></p>
<p class=MsoNormal style="text-indent:21.0000pt;"><span style="mso-spacerun:'yes';font-family:仿宋;"><font face="仿宋">一、每日巡查两次。</font></span><script>alert(1)</script></p>
<p class=MsoNormal><img width="1" height="1" alt="巡查路线" src="data:image/png;base64,{b64encode(png()).decode()}" onerror="alert(2)"></p>
<p class=MsoNormal><a href="javascript:alert(3)">坏链接</a>和<a href="https://www.example.invalid/a?b=1&amp;c=2">好链接</a></p>
</div><!--EndFragment--></body></html>"""
