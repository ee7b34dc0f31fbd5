"""Makes `misspellings.txt` from `official-words.txt`: python -m jiyue.checks.lists.making. For developers; half a minute.

Chinese is typed by sound, so what goes wrong is another character of the same sound; and optical reading, and tired
eyes, take one of the same look. Each word of the list gets the misspellings that cannot be meant otherwise: not a word
of rjieba's dictionary (MIT), not closer to another word, and with a character that seldom forms words with others, so
that a name or a new coinage is unlikely. Readings come from pypinyin (MIT), the pairs of one look from likeness.py.
"""

from collections import defaultdict
from itertools import chain
from pathlib import Path

import rjieba
from pypinyin import Style, lazy_pinyin

from jiyue.checks.lists.likeness import LOOKS

HERE = Path(__file__).parent
WORDS, MISSPELLINGS = HERE / "official-words.txt", HERE / "misspellings.txt"

# A character that begins (or ends) at least this many words of two forms new ones freely.
FREE = 20
# The word meant must be this much more common than any other that was possibly meant.
CLEARLY = 10
# Characters that stand beside any other without forming a word with it.
LOOSE = frozenset(
    "的了是在和与及不也就都而且以为于之其此这那有无一二三四五六七八九十百千万个上下中内外前后左右大小多少年月日时分人我你他她它"
    "们等将被把对从向到至由自所可能会要应须该再又更最很已未没各每某本省市县区乡镇村州路街号或则即若并但还只因使让给令叫做作来去"
    "过着地得吗呢吧啊么第两几说看想好"
)
# Short names of provinces and countries, and family names: 津融 is Tianjin's finance, 郭家 a family.
NAMES = frozenset(
    "郭洪京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁疆港澳台英法美德俄韩印越泰智埃波朝澳加"
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章潘葛奚范彭郎韦昌马苗凤方俞任袁柳鲍史唐费廉岑"
    "薛雷贺倪汤滕殷罗毕郝邬安常乐傅皮卞齐康伍余顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席麻贾娄"
    "江童颜梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞柯管卢莫房裘缪解丁邓郁单杭洪包诸石崔龚程嵇邢裴陆荣翁荀甄曲封储靳段富焦巴弓谷车侯宓"
    "全班仰秋仲伊宫仇甘厉戎祖武符刘景詹束龙叶司黎薄印怀蒲鄂索赖卓蔺屠蒙池乔阴双闻党翟谭劳申扶冉宰桑桂牛寿边扈燕浦尚农温庄晏柴"
    "瞿阎慕连茹艾鱼容易戈廖耿满匡国文寇广欧利蔚师聂晁勾融冷辛简饶曾沙鞠丰巢关相查荆红游权益鹤俊伟杰"
)
# With these kept, anything before or after them reads: 疫后, 浇点水, 郭家.
_OPEN = LOOSE | frozenset("点些次起出住成家港台江河湖山海庄店岛湾桥口门员号级")
# After a figure these count, and what follows is a word of its own.
_MEASURES = frozenset("种类家件项份名位次起场批套条部期届层级座所处间栋台辆艘株棵头只匹亩吨斤米元角")
# Places are called by these: 水坪, 马家沟.
_PLACES = frozenset("坪坝垭岭沟湾庄屯堡峪墟圩塘埔洼寨坡坳岗坑冲畈滩浦渡")


def characters() -> list[str]:
    """The 3755 common characters (GB 2312, first level)."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [sign for code in codes if (sign := code.decode("gb2312", "ignore"))]


def words() -> list[str]:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return sorted({word for line in lines if not line.startswith("#") for word in line.split()})


class Maker:
    """Knows sounds, looks, and which characters form words freely."""

    def __init__(self) -> None:
        common = characters()
        self.words = words()
        self.known = frozenset(self.words)
        self.sound = dict(zip(common, lazy_pinyin(common, style=Style.NORMAL), strict=True))
        self.of_sound: dict[str, list[str]] = defaultdict(list)
        for sign, sound in self.sound.items():
            self.of_sound[sound].append(sign)
        self.of_look: dict[str, set[str]] = defaultdict(set)
        for group in LOOKS:
            for sign in group:
                self.of_look[sign] |= set(group) - {sign}
        has = rjieba.has_word
        self.begins = {sign: sum(has(sign + other) for other in common) for sign in common}
        self.ends = {sign: sum(has(other + sign) for other in common) for sign in common}

    def misspellings(self) -> dict[str, str]:
        """Each misspelling and the one word it can be meant for."""
        meant: dict[str, set[str]] = defaultdict(set)
        for word in self.words:
            sounds = lazy_pinyin(word, style=Style.NORMAL)
            for at, sign in enumerate(word):
                for other in {*self.of_sound[sounds[at]], *self.of_look[sign]} - {sign}:
                    if self._telling(word, at, other):
                        meant[word[:at] + other + word[at + 1 :]].add(word)
        return {wrong: one for wrong, (one, *more) in ((w, sorted(m)) for w, m in meant.items()) if not more}

    def _telling(self, word: str, at: int, other: str) -> bool:
        wrong = word[:at] + other + word[at + 1 :]
        if wrong in self.known or rjieba.has_word(wrong):
            return False
        if len(word) > 2 and at == 0 and other in _MEASURES:
            return False  # 15种小企业
        if len(word) > 2:
            # 生态环境不: at an end of the word a loose sign belongs to what stands beside it.
            return other not in LOOSE or (len(word) > 3 and 0 < at < len(word) - 1)
        free = (self.ends if at else self.begins).get(other, FREE)
        if word[1 - at] in _OPEN or other in LOOSE or other in NAMES or other in _PLACES or free >= FREE:
            return False
        return not self._closer(word, wrong)

    def _closer(self, word: str, wrong: str) -> bool:
        """Whether another word of the dictionary may be meant: 国藉 is 国籍, not 国际."""
        bar = rjieba.suggest_freq(word) / CLEARLY
        first, last = wrong[0], wrong[1]
        others = chain(
            (sign + last for sign in (*self.of_sound[self.sound.get(first, "")], *self.of_look[first])),
            (first + sign for sign in (*self.of_sound[self.sound.get(last, "")], *self.of_look[last])),
        )
        return any(
            other not in (word, wrong) and rjieba.has_word(other) and rjieba.suggest_freq(other) > bar
            for other in others
        )


def main() -> None:
    """Write the list: a word, then for each of its characters those it is mistaken for."""
    wrong_of: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for wrong, word in Maker().misspellings().items():
        at = next(place for place, sign in enumerate(word) if wrong[place] != sign)
        wrong_of[word][at].append(wrong[at])
    lines = [
        " ".join((word, *("".join(sorted(of.get(at, ()))) or "-" for at in range(len(word)))))
        for word, of in sorted(wrong_of.items())
    ]
    head = "# Made by jiyue.checks.lists.making from official-words.txt; not edited by hand.\n"
    MISSPELLINGS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
