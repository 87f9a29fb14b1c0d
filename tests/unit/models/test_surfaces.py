import pytest

from models.surfaces import RUN_CHARACTERS_MAX, Surfaces, isolated, told_surface

BIKES = [
    "绿芽单车又涨价了，骑半小时要四块钱",
    "刚扫码才发现绿芽单车涨价",
    "涨价也不提前通知一声，绿芽真行",
    "以后不骑绿芽单车了",
    "客服说涨价是因为成本高",
]


@pytest.mark.parametrize(
    ("term", "texts", "run"),
    [
        ("绿芽", BIKES, "绿芽单车"),
        ("芽单", BIKES, "绿芽单车"),
        ("涨价", BIKES, "涨价"),
        ("ケッ", ["電子チケットが出ない", "電子チケットの障害", "電子チケットを見せた"], "電子チケット"),
        ("障害", ["障害で入れない", "障害でまだ待つ", "システム障害で泣く"], "障害"),
        ("入場", ["入場できない", "入場できた", "まだ入場できず"], "入場"),
        ("滅の", ["鬼滅の刃を見た", "鬼滅の刃が好き", "鬼滅の刃、最高"], "鬼滅の刃"),
        ("号线", ["地铁9号线停运", "9号线坏了", "坐9号线的人"], "9号线"),
        ("猫", ["猫", "猫。"], "猫"),
        ("ฝน", ["ฝนตก", "ฝนตกอีก"], "ฝนตก"),
    ],
)
def test_a_pair_of_characters_is_shown_as_the_run_that_most_posts_share(term, texts, run):
    assert Surfaces(texts).run_of(term) == run


@pytest.mark.parametrize(
    ("term", "texts"),
    [
        ("です", ["そうです", "いいです"]),
        ("我们", ["我们走", "我们去"]),
        ("トが", ["チケットが無い", "ベルトが切れた"]),
        ("路还", ["走路还健康", "别的话"]),
        ("东京", ["走路还健康", "别的话"]),
    ],
)
def test_grammar_half_words_and_what_one_post_says_name_nothing(term, texts):
    assert not Surfaces(texts).run_of(term)


def test_pairs_of_one_run_are_shown_once_and_the_next_takes_their_place():
    terms = ["绿芽", "芽单", "单车", "涨价", "车又"]
    assert Surfaces(BIKES).forms(terms) == ["绿芽单车", "涨价"]
    assert Surfaces(BIKES).distinct(terms, 2) == [("绿芽", "绿芽单车"), ("涨价", "涨价")]
    assert Surfaces(BIKES).shown(terms, 1) == {"绿芽": "绿芽单车"}


def test_a_muted_pair_is_in_no_run():
    assert Surfaces(BIKES, {"芽单", "单车"}.__contains__).forms(["绿芽"]) == ["绿芽"]


def test_where_all_posts_are_one_a_part_of_it_is_shown():
    assert Surfaces(["今天绿芽单车突然全部涨价"]).forms(["绿芽", "涨价"]) == ["绿芽单车突然全部"]


def test_without_posts_a_term_is_shown_as_it_is():
    surfaces = Surfaces([])
    assert surfaces.forms(["ferry", "東京", "지하철"]) == ["ferry", "東京", "지하철"]
    assert surfaces.forms([]) == []


def test_a_run_is_bounded():
    text = "".join(chr(0x4E00 + number) for number in range(100))
    assert len(Surfaces([f"{text}甲", f"{text}乙"]).run_of(text[50:52])) == RUN_CHARACTERS_MAX


@pytest.mark.parametrize(
    ("term", "texts", "form", "title"),
    [
        ("apagon", ["Apagón total", "otro apagón", "apagon"], "apagón", "apagón"),
        ("apagon", ["apagón", "apagon"], "apagón", "apagón"),
        ("apagon", ["#Apagón", "#Apagón", "apagon"], "apagón", "#Apagón"),
        ("incendie", ["L'incendie", "un incendie"], "incendie", "incendie"),
        ("مترو", ["المترو", "المترو", "بالمترو", "مترو"], "المترو", "المترو"),
        ("지하철", ["지하철이", "지하철에서", "#지하철"], "지하철", "지하철"),
        ("고양", ["고양이가", "고양이를"], "고양이", "고양이"),
        ("고양", ["고양이는", "고양이는"], "고양이", "고양이"),
        ("고양", ["고양이"], "고양이", "고양이"),
        ("달빛", ["#달빛", "#달빛이"], "달빛", "#달빛"),
        ("हिंदी", ["हिन्दी", "हिन्दी", "हिंदी"], "हिन्दी", "हिन्दी"),
        ("ferry", ["FERRY", "Ferry"], "ferry", "Ferry"),
        ("東京", ["#東京へ", "#東京は", "東京"], "東京", "#東京"),
    ],
)
def test_a_word_is_shown_as_most_posts_write_it(term, texts, form, title):
    surfaces = Surfaces(texts)
    assert surfaces.forms([term]) == [form]
    assert surfaces.title([term], 4) == title


def test_what_may_not_be_told_any_more_takes_its_run_with_it():
    shown = {"绿芽": "绿芽单车", "apagon": "apagón"}
    assert told_surface("绿芽", shown, lambda _: True) == "绿芽单车"
    assert told_surface("绿芽", shown, {"绿芽", "芽单"}.__contains__) == "绿芽"
    assert told_surface("apagon", shown, lambda _: False) == "apagón"
    assert told_surface("ferry", shown, lambda _: True) == "ferry"


def test_what_turns_the_direction_stands_apart():
    assert isolated("metro 東京") == "metro 東京"
    assert isolated("PS5 مترو") == "\u2068PS5 مترو\u2069"
    assert isolated("\u202eevil\u2069\u2066") == "\u2068\u202eevil\u2069"
