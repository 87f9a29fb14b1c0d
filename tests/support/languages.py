"""Hand-made posts in nine languages and in several at once: what a neighbourhood talks of, and one thing that happens.

A post of chatter is one of `openings` followed by one of `endings`. Those of a launch are as different people would
write them: in other words, with and without accents, with hashtags, in the spellings that keyboards give.
"""

import random

import msgspec

from models.mentions import HOUR_MS, MINUTE_MS
from models.post import Post
from tests.support.chatter import LAUNCH_MS, NOON_MS, by_time, make_post


class Speech(msgspec.Struct, frozen=True):
    """What is said in one language.

    Attributes:
        lang: Its tag.
        openings, endings: Sentences of chatter.
        launch: Posts about one thing, each by another author; one that begins with ``RT`` is a repost.
        subject: The words by which a reader would name it, as alerts may show them.
        named: Those that the last alert must show.
        title: What the last headline calls it.
    """

    lang: str
    openings: list[str]
    endings: list[str]
    launch: list[str]
    subject: frozenset[str]
    named: frozenset[str]
    title: str


def words(text: str) -> frozenset[str]:
    """Returns the words of a text with blanks between them."""
    return frozenset(text.split())


SPANISH = Speech(
    "es",
    [
        "Buenos días a todos desde la terraza.",
        "Hoy he salido a correr por el río.",
        "No me gusta nada este tiempo.",
        "Mi perro ha vuelto a comerse una zapatilla.",
        "Por fin es viernes, qué ganas tenía.",
        "He hecho una tortilla para cenar.",
        "Ayer vimos una película muy larga en el cine.",
        "Mi hermana se muda al piso de arriba.",
        "El café de la esquina está cada vez peor.",
        "Estoy leyendo un libro que me ha dejado mi padre.",
        "Llevo toda la mañana buscando las llaves.",
        "La panadería nueva hace un pan buenísimo.",
    ],
    [
        "¿Y vosotros qué tal?",
        "Luego os cuento más.",
        "Esta tarde tengo clase de guitarra.",
        "Nadie me había dicho que iba a llover.",
        "A ver si el domingo hace sol.",
        "Me voy a dormir, que ya es tarde.",
        "Creo que no vuelvo hasta el lunes.",
        "Al final todo ha salido bien.",
        "Ya no sé qué hacer con tantos tomates.",
        "El partido de anoche fue un desastre.",
        "Si alguien quiere venir, que me escriba.",
        "Esto no se lo cree ni mi madre.",
    ],
    [
        "Otro apagón en Ruzafa, medio barrio a oscuras desde las ocho",
        "¿Alguien sabe cuánto va a durar este apagón?",
        "Apagon en todo el centro, los semáforos tampoco funcionan",
        "Sin luz en la oficina por el apagón, nos mandan a casa",
        "El apagón me ha pillado en el ascensor, menudo susto",
        "Dicen que el apagon viene de una subestación que se ha quemado",
        "RT @lucia_vlc: El apagón me ha pillado en el ascensor, menudo susto",
        "#Apagón en Ruzafa, las tiendas cobran solo en efectivo",
        "Vecinos con velas en la escalera, este apagón va para largo",
        "Ya van dos horas de apagon y la compañía no contesta al teléfono",
        "Mi abuela con oxígeno en casa y seguimos con el apagón, ¿quién responde?",
        "RT @paco: Otro apagón en Ruzafa, medio barrio a oscuras desde las ocho",
    ],
    words("apagón ruzafa oscuras"),
    words("apagón ruzafa"),
    "“apagón Ruzafa ascensor barrio”",
)

GERMAN = Speech(
    "de",
    [
        "Guten Morgen zusammen, der Kaffee läuft schon.",
        "Gestern war ich endlich wieder im Freibad.",
        "Meine Nachbarin hat ihre Katze wiedergefunden.",
        "Die Heizung ist schon wieder kalt.",
        "Heute gibt es bei uns Kartoffelsuppe.",
        "Ich habe den ganzen Abend Wäsche gemacht.",
        "Das neue Café am Markt ist wirklich schön.",
        "Wir haben am Wochenende den Keller aufgeräumt.",
        "Mein Fahrrad hat einen Platten.",
        "Der Film gestern war viel zu lang.",
        "Für den Garten brauche ich noch Erde.",
        "Die Kinder wollen unbedingt einen Hund.",
    ],
    [
        "Was macht ihr heute so?",
        "Ich kann es kaum glauben.",
        "Morgen soll es endlich regnen.",
        "Vielleicht fahren wir doch noch an den See.",
        "Das war nicht mein Tag.",
        "Wer hat Lust auf einen Spaziergang?",
        "Danach gehe ich sofort ins Bett.",
        "Und jetzt ist auch noch die Milch alle.",
        "Aber so ist das eben.",
        "Mit der Zeit wird alles besser.",
        "Ihr wisst ja, wie das ist.",
        "Im Büro war es heute sehr ruhig.",
    ],
    [
        "Rückruf bei Kornhold: Im Haferdrink sind wohl Metallsplitter",
        "Hab gleich zwei Packungen Haferdrink von Kornhold im Schrank, na toll",
        "Zum Rückruf steht auf der Seite von Kornhold noch gar nichts",
        "Bitte weitersagen: Haferdrink von Kornhold nicht mehr trinken!",
        "Die Rückrufaktion von Kornhold betrifft alle Chargen mit Datum März",
        "Wegen dem Rückruf sind bei uns alle Regale mit Haferdrink leer",
        "RT @mila_kocht: Bitte weitersagen: Haferdrink von Kornhold nicht mehr trinken!",
        "Mein Sohn hat den Haferdrink heute früh noch getrunken, muss ich zum Arzt?",
        "#Kornhold schweigt zum Rückruf, typisch",
        "Im Supermarkt nehmen sie den Kornhold Haferdrink ohne Kassenbon zurück",
        "Schon der dritte Rückruf in diesem Jahr, ich kaufe nichts mehr von denen",
        "RT @tomte: #Kornhold schweigt zum Rückruf, typisch",
    ],
    words("kornhold haferdrink rückruf"),
    words("kornhold haferdrink rückruf"),
    "“Kornhold Haferdrink Rückruf Bitte”",
)

FRENCH = Speech(
    "fr",
    [
        "Bonjour à tous, il fait déjà chaud ce matin.",
        "J'ai enfin retrouvé mes clés dans l'entrée.",
        "Le marché était plein de monde aujourd'hui.",
        "Ma voisine m'a donné des tomates de son jardin.",
        "C'est la première fois que je rate le bus.",
        "On a regardé un vieux film hier soir.",
        "Qu'est-ce que j'ai bien dormi cette nuit.",
        "Le chat n'a pas voulu sortir de la journée.",
        "L'école ferme plus tôt ce vendredi.",
        "Je n'arrive pas à finir ce livre.",
        "Nous avons fait une tarte aux pommes.",
        "Il y a encore des travaux dans ma rue.",
    ],
    [
        "Et vous, ça va ?",
        "Je vous raconte tout demain.",
        "D'habitude ce n'est pas comme ça.",
        "On verra bien ce week-end.",
        "Mais bon, c'est la vie.",
        "Il va falloir s'y faire.",
        "Je crois qu'il va pleuvoir ce soir.",
        "J'aurais dû rester au lit.",
        "Avec un peu de chance il en reste.",
        "L'été n'est plus très loin.",
        "Personne ne m'avait prévenu.",
        "Pour une fois, tout s'est bien passé.",
    ],
    [
        "Gros incendie à Belleroche, on voit la fumée depuis le pont",
        "L'incendie vient de l'entrepôt de peinture, restez chez vous",
        "Les pompiers parlent d'un incendie dans un entrepot à Belleroche",
        "Ça sent le brûlé jusqu'à la gare, c'est l’incendie de Belleroche ?",
        "L’entrepôt brûle encore, trois camions viennent d'arriver",
        "RT @ninon_b: L'incendie vient de l'entrepôt de peinture, restez chez vous",
        "Mon frère travaille dans l'entrepôt, il est sorti à temps, ouf",
        "Fenêtres fermées à cause de l'incendie, les enfants toussent",
        "Qui a des nouvelles de l'incendie à Belleroche ? La mairie ne dit rien",
        "Risque d'incendie connu depuis des mois dans cet entrepôt, une honte",
        "#Belleroche la route est coupée près de l'entrepôt",
        "RT @leo: #Belleroche la route est coupée près de l'entrepôt",
    ],
    words("incendie entrepôt belleroche"),
    words("incendie entrepôt belleroche"),
    "“entrepôt incendie Belleroche brûle”",
)

PORTUGUESE = Speech(
    "pt",
    [
        "Bom dia, gente, já tomei dois cafés.",
        "Ontem fui à praia com a minha irmã.",
        "O cachorro comeu o meu chinelo de novo.",
        "Não consigo dormir com este calor.",
        "Fiz um bolo de cenoura para o lanche.",
        "A vizinha está reformando o apartamento.",
        "Passei a manhã toda no médico.",
        "Que saudade de viajar sem pressa.",
        "Meu time perdeu mais uma vez.",
        "A padaria da esquina fechou mais cedo.",
        "Comecei a ler aquele livro que você indicou.",
        "Hoje a feira estava muito cheia.",
    ],
    [
        "E vocês, como estão?",
        "Amanhã eu conto o resto.",
        "Acho que vai chover mais tarde.",
        "Não era para ser assim.",
        "Ainda bem que é sexta.",
        "Alguém quer vir comigo?",
        "Já não sei o que fazer.",
        "No fim deu tudo certo.",
        "Isso é coisa da minha cabeça.",
        "Vou dormir porque amanhã tem mais.",
        "A gente se vê no domingo.",
        "Só me faltava essa.",
    ],
    [
        "Greve dos ônibus em Itapiranga, ponto lotado e ninguém avisa nada",
        "Cheguei atrasada por causa da greve, obrigada prefeitura",
        "Os onibus não saíram da garagem hoje, a greve começou às cinco",
        "Alguém sabe se a greve vai até amanhã?",
        "Motoristas em greve pedem salário atrasado há dois meses, eles têm razão",
        "RT @bia_souza: Cheguei atrasada por causa da greve, obrigada prefeitura",
        "Duas horas a pé até o trabalho, sem ônibus e sem previsão #greve",
        "Táxi cobrando o dobro hoje, é só ter greve de ônibus",
        "A prefeitura diz que não negocia com a greve, que vergonha",
        "Minha filha ficou sem aula, a escola fechou com a greve dos onibus",
        "Terminal de Itapiranga vazio, nem um ônibus circulando",
        "RT @caio: Terminal de Itapiranga vazio, nem um ônibus circulando",
    ],
    words("greve ônibus itapiranga prefeitura"),
    words("greve ônibus prefeitura"),
    "“greve ônibus prefeitura atrasada”",
)

ARABIC = Speech(
    "ar",
    [
        "صباح الخير يا جماعة، القهوة جاهزة.",
        "أمس زرت جدتي في القرية.",
        "الجو حار جدا هذا الأسبوع.",
        "اشتريت كتابا جديدا من المكتبة.",
        "ابني بدأ المدرسة اليوم.",
        "لم أنم جيدا في الليل.",
        "جارتنا طبخت لنا كبسة لذيذة.",
        "هذا الفيلم طويل ولكنه جميل.",
        "نسيت مفاتيح البيت في السيارة.",
        "القطة نائمة على الكرسي منذ الصباح.",
        "كل يوم نفس الزحام في الشارع.",
        "فريقي خسر المباراة مرة أخرى.",
    ],
    [
        "كيف حالكم أنتم؟",
        "الحمد لله على كل شيء.",
        "غدا سوف أكتب لكم أكثر.",
        "لا أعرف ماذا أفعل الآن.",
        "إن شاء الله يكون خيرا.",
        "من يريد أن يأتي معي؟",
        "هذا ما كنت أقوله لكم.",
        "ربما ينزل المطر في المساء.",
        "والله تعبت من هذا الكلام.",
        "كان يوما طويلا في العمل.",
        "سنلتقي يوم الجمعة بعد الصلاة.",
        "أحتاج إلى إجازة من كل هذا.",
    ],
    [
        "عطل في مترو النخيل والناس عالقة في النفق",
        "المترو متوقف من ساعة ولا أحد يشرح لنا السبب",
        "هل انتهى العطل في المترو؟ عندي موعد مهم",
        "تأخرت عن الامتحان بسبب المتـــرو، حسبي الله",
        "الازدحام عند محطة النخيل مخيف بعد عُطل المِترو",
        "رجعت للبيت مشيا، العطل مستمر والمحطات مغلقة",
        "RT @samar_k: المترو متوقف من ساعة ولا أحد يشرح لنا السبب",
        "الشركة تقول إن العطل كهربائي وسيُصلح خلال ساعات",
        "لا تذهبوا بالمترو اليوم، خذوا الحافلة",
        "خرجنا من النفق على الأقدام، شكرا لعمال المترو",
        "محطة #النخيل مغلقة تماما والشرطة في كل مكان",
        "RT @hani: محطة #النخيل مغلقة تماما والشرطة في كل مكان",
    ],
    words("المترو العطل النخيل محطة"),
    words("المترو العطل النخيل محطة"),
    "“\u2068المترو العطل النخيل محطة\u2069”",
)

HINDI = Speech(
    "hi",
    [
        "सुप्रभात दोस्तों, चाय बन गई है।",
        "कल हम सब नदी के किनारे घूमने गए थे।",
        "आज बहुत गर्मी है और पंखा भी बंद है।",
        "मेरी बहन ने नया घर ले लिया है।",
        "पड़ोस की आंटी ने खीर भेजी है।",
        "रात को ठीक से नींद नहीं आई।",
        "बच्चों की छुट्टियाँ शुरू हो गई हैं।",
        "मैंने एक पुरानी किताब फिर से पढ़ी।",
        "बाज़ार में आज बहुत भीड़ थी।",
        "हमारी टीम फिर से हार गई।",
        "बिल्ली सुबह से कुर्सी पर सो रही है।",
        "दफ़्तर में आज कोई काम नहीं था।",
    ],
    [
        "आप लोग कैसे हैं?",
        "बाकी बात कल करेंगे।",
        "शाम को शायद बारिश होगी।",
        "क्या कोई मेरे साथ चलेगा?",
        "अब मुझे कुछ समझ नहीं आ रहा।",
        "चलो, जो हुआ अच्छा हुआ।",
        "यह तो होना ही था।",
        "इतवार को मिलते हैं।",
        "मैं तो थक गया हूँ।",
        "ऐसा पहले कभी नहीं हुआ।",
        "माँ के हाथ का खाना याद आता है।",
        "किसी को बताना मत।",
    ],
    [
        "पेपर लीक हो गया और परीक्षा दो घंटे पहले रद्द, ये क्या मज़ाक है",
        "दो साल की तैयारी के बाद फिर पेपर लीक, दिल टूट गया",
        "बिजनौरपुर सेंटर पर छात्रों का हंगामा, परीक्षा रद्द",
        "क्या सच में पेपर लीक हुआ है या अफ़वाह है?",
        "मेरा भाई रात भर सफ़र करके पहुँचा और परीक्षा रद्द हो गई",
        "लीक करने वालों को जेल होनी चाहिए, छात्रों का क्या कसूर",
        "RT @neha_d: दो साल की तैयारी के बाद फिर पेपर लीक, दिल टूट गया",
        "#पेपर_लीक की जाँच कौन करेगा, बोर्ड चुप है",
        "सुबह चार बजे से पेपर मोबाइल पर घूम रहा था, सबको पता था",
        "बिजनौरपुर में पुलिस ने दो लोगों को पकड़ा, पेपर उन्हीं के पास मिला",
        "परीक्षा की नई तारीख कब आएगी, बोर्ड वाले फ़ोन नहीं उठा रहे",
        "RT @arjun: बिजनौरपुर सेंटर पर छात्रों का हंगामा, परीक्षा रद्द",
    ],
    words("पेपर लीक परीक्षा रद्द बिजनौरपुर छात्रों"),
    words("पेपर लीक परीक्षा रद्द"),
    "“पेपर लीक परीक्षा रद्द”",
)

JAPANESE = Speech(
    "ja",
    [
        "おはようございます、今日もいい天気ですね。",
        "昨日は久しぶりに友達と会いました。",
        "朝からずっと猫が寝ています。",
        "新しいパン屋さんがとてもおいしかったです。",
        "駅前の工事がまだ終わらない。",
        "夜ご飯はカレーにしました。",
        "電車がすごく混んでいて疲れた。",
        "本を読んでいたらもうこんな時間。",
        "洗濯物を干したら雨が降ってきた。",
        "週末は家でゲームをする予定です。",
        "子供の運動会が延期になりました。",
        "コーヒーを飲みすぎて眠れない。",
    ],
    [
        "みなさんはどうですか？",
        "明日も早いのでもう寝ます。",
        "なんだか最近ついてない。",
        "また今度ゆっくり話しましょう。",
        "それだけのことなんですけど。",
        "誰か一緒に行きませんか。",
        "夏が待ち遠しいです。",
        "これからどうしようかな。",
        "やっぱり家が一番ですね。",
        "ありがとうございました。",
        "そんなことってありますか。",
        "来週はもう少し頑張りたい。",
    ],
    [
        "電子チケットが表示されなくて入場できない、どうなってるの",
        "ハルカゼアリーナの前で二時間待ち。電子チケットの障害だって",
        "障害で開演が一時間遅れるってアナウンスあった",
        "スマホの電子チケットが真っ白なんだけど、みんなも？",
        "ハルカゼアリーナ、まだ列が全然動かない",
        "紙のチケットにしておけばよかった……電子チケットはもう嫌だ",
        "RT @mio_live: スマホの電子チケットが真っ白なんだけど、みんなも？",
        "運営から返金の話も出てるらしい、電子チケットの障害で",
        "#ハルカゼアリーナ 係員さんが手書きで名前を確認してくれてる",
        "遠征してきたのに障害で入れないとか泣く",
        "やっと入場できた！ 電子チケットの画面を見せずに身分証で通れたよ",
        "RT @ken: ハルカゼアリーナ、まだ列が全然動かない",
    ],
    words("電子チケット 障害 ハルカゼアリーナ 入場"),
    words("電子チケット 入場"),
    "“電子チケット 入場”",
)

CHINESE = Speech(
    "zh",
    [
        "早上好，今天的咖啡特别香。",
        "昨天和朋友去爬山了，腿好酸。",
        "我家的猫又把花瓶打碎了。",
        "晚饭做了红烧肉，大家都说好吃。",
        "楼下新开了一家面包店。",
        "这几天一直下雨，衣服都干不了。",
        "孩子今天第一天上学。",
        "刚看完一本很有意思的小说。",
        "地铁上人太多了，根本没有座位。",
        "周末打算在家里打扫卫生。",
        "我妈给我寄了一箱苹果。",
        "我们队昨晚又输了。",
    ],
    [
        "你们呢，最近怎么样？",
        "明天再跟大家说吧。",
        "希望周日是个晴天。",
        "我真的不知道该怎么办。",
        "有没有人想一起去？",
        "算了，早点睡觉吧。",
        "这件事谁也没想到。",
        "不过总算还是做完了。",
        "下个星期会更忙。",
        "还是家里最舒服。",
        "反正我已经习惯了。",
        "生活就是这样的。",
    ],
    [
        "绿芽单车又涨价了，骑半小时要四块钱",
        "刚扫码才发现绿芽单车涨价，比坐公交还贵",
        "涨价也不提前通知一声，绿芽真行",
        "以后不骑绿芽单车了，走路还健康",
        "月卡从十五涨到三十，绿芽单车这是抢钱吗",
        "客服说涨价是因为维护成本高，谁信啊",
        "RT @xiaolin: 以后不骑绿芽单车了，走路还健康",
        "学生党表示骑不起了，绿芽单车退款按钮都找不到",
        "#绿芽单车涨价# 大家准备换哪一家？",
        "门口一排绿芽单车没人骑，涨价的效果真快",
        "我的月卡还有半年，涨价以后还算数吗",
        "RT @awei: 涨价也不提前通知一声，绿芽真行",
    ],
    words("绿芽单车 涨价 月卡"),
    words("绿芽单车 涨价"),
    "“绿芽单车 涨价”",
)

KOREAN = Speech(
    "ko",
    [
        "좋은 아침입니다, 오늘 커피가 정말 맛있네요.",
        "어제는 친구랑 한강에 다녀왔어요.",
        "우리 고양이가 하루 종일 자고 있어요.",
        "저녁으로 김치찌개를 끓였습니다.",
        "회사 앞에 새로운 빵집이 생겼어요.",
        "비가 와서 빨래가 안 말라요.",
        "아이가 오늘부터 학교에 갑니다.",
        "요즘 읽고 있는 책이 너무 재미있어요.",
        "지하철에 사람이 너무 많아서 힘들었어요.",
        "주말에는 집에서 청소를 하려고 해요.",
        "엄마가 사과를 한 상자 보내 주셨어요.",
        "우리 팀이 어제 또 졌습니다.",
    ],
    [
        "여러분은 어떠세요?",
        "내일 다시 이야기할게요.",
        "일요일에는 날씨가 좋았으면 좋겠어요.",
        "이제 어떻게 해야 할지 모르겠어요.",
        "같이 갈 사람 있나요?",
        "그래도 다 끝나서 다행이에요.",
        "아무도 이렇게 될 줄 몰랐어요.",
        "역시 집이 제일 편해요.",
        "다음 주에는 더 바쁠 것 같아요.",
        "그냥 일찍 자야겠어요.",
        "이런 일은 처음이에요.",
        "항상 감사합니다.",
    ],
    [
        "달빛배달이 수수료를 두 배로 올린다는데 이게 말이 되나요",
        "사장님들 달빛배달에서 온 공지 보셨어요? 수수료 인상이래요",
        "달빛배달 앱 지웠습니다. 수수료가 너무 심해요",
        "결국 음식값만 오르겠네, 달빛배달은 반성해라",
        "수수료 인상 소식 듣고 가게 단톡방이 난리 났어요",
        "저도 방금 달빛배달을 해지했어요",
        "RT @minji_s: 달빛배달 앱 지웠습니다. 수수료가 너무 심해요",
        "치킨집 하는 우리 형은 달빛배달 수수료 때문에 잠을 못 자요",
        "#달빛배달 불매합시다",
        "인상된 수수료는 다음 달부터 적용된다고 합니다",
        "달빛배달도 처음에는 수수료가 없었는데 말이죠",
        "RT @hojun: 저도 방금 달빛배달을 해지했어요",
    ],
    words("달빛배달 수수료 인상"),
    words("달빛배달 수수료"),
    "“달빛배달 수수료 방금 심해요”",
)

LANGUAGES = [SPANISH, GERMAN, FRENCH, PORTUGUESE, ARABIC, HINDI, JAPANESE, CHINESE, KOREAN]

MIXED_LAUNCH = [
    ("en", "Nimbra5 just deleted all my saves, thanks for nothing"),
    ("es", "La actualización de Nimbra5 me ha borrado las partidas guardadas"),
    ("ja", "Nimbra5のセーブデータが消えた、三年分なのに"),
    ("ko", "Nimbra5가 세이브를 다 지웠어요"),
    ("ar", "تحديث Nimbra5 حذف كل ملفاتي"),
    ("de", "Nach dem Update von Nimbra5 ist mein Spielstand weg"),
    ("en", "Do not update #Nimbra5 before they fix this"),
    ("zh", "千万别更新Nimbra5，存档全没了"),
    ("ja", "#Nimbra5 アップデートは待ったほうがいい"),
    ("es", "¿A alguien más le ha pasado con Nimbra5? Cuarenta horas perdidas"),
]
"""The same in a community in which each speaks their own language."""


def chatter_of(
    speech: Speech, hours: float, *, seed: int = 1, posts_per_hour: int = 30, declared: bool = True
) -> list[Post]:
    """Returns posts of a neighbourhood in which nothing happens; `declared` says whether they tell their language."""
    chance = random.Random(seed)
    step_ms = HOUR_MS // posts_per_hour
    return [
        make_post(
            f"{speech.lang}-chat{number}",
            f"{chance.choice(speech.openings)} {chance.choice(speech.endings)}",
            NOON_MS + number * step_ms + chance.randrange(step_ms),
            author=f"{speech.lang}-regular{chance.randrange(40)}",
            lang=speech.lang if declared else None,
        )
        for number in range(round(hours * posts_per_hour))
    ]


def launch_of(speech: Speech, *, from_ms: int = LAUNCH_MS, declared: bool = True) -> list[Post]:
    """Returns the posts of a launch, one a minute, each by another author."""
    return [
        make_post(
            f"{speech.lang}-launch{number}",
            text,
            from_ms + number * MINUTE_MS,
            author=f"{speech.lang}-fan{number}",
            lang=speech.lang if declared else None,
            is_repost=text.startswith("RT "),
        )
        for number, text in enumerate(speech.launch)
    ]


def neighbourhood(speech: Speech, *, declared: bool = True) -> list[Post]:
    """Returns five hours of chatter with the launch in the last one."""
    return by_time(chatter_of(speech, 5, declared=declared), launch_of(speech, declared=declared))
