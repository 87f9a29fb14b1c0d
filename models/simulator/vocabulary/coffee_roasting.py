"""People who roast coffee at home."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

COFFEE_ROASTING: Final = Vocabulary(
    community="coffee-roasting",
    peak_hour=8.0,
    weekend=1.15,
    stems=words("Brew Roast Grind Cremo Bean Mokka Perco Crem"),
    names=words(
        "Kettlewright Ollaroast Brasado Finca_Alma Tamprite Grandello Moulino_Nord Drumlin Hearthcup Porelli "
        "Sipwell Copperjug Ashgrove_Coffee Beanstead Larkspur_Roasters Dosatron Purlo Ninebar Velluto "
        "Galleta"
    ),
    hashtags=words("#HomeRoasting #FirstCrack #DialedIn #PourOver #GreenBeans #LatteArt #CuppingNotes #EspressoTime"),
    emoji=words("☕ 🔥 🫘 👃 🤎"),
    domains=words("crackandcool.example cuppingtable.example slowdrip.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "grinder roaster espresso roast bean crema kettle portafilter burr filter chaff basket "
                "tamper puck shot brew bloom drum hopper thermocouple crack dose yield ratio refractometer "
                "gooseneck aeropot steamwand milk foam boiler gasket groupset pump descaler waterfilter "
                "scale timer cup saucer demitasse cortado flatwhite macchiato cappuccino lungo ristretto "
                "decaf arabica robusta peaberry gesha bourbon pacamara lot varietal washing honeyprocess "
                "natural ferment anaerobic moisture defect quaker mold aroma acidity body sweetness "
                "aftertaste jasmine bergamot stonefruit molasses cocoa hazelnut caramel profile cooling "
                "airflow gasflame chart logger preheat blend subscription importer cooperative"
            ),
            doings=words(
                "roasting cupping tamping dialing_in steaming grinding brewing descaling sampling preheating "
                "blending degassing sifting weighing slurping frothing distributing purging backflushing "
                "pre-infusing resting"
            ),
            qualities=words(
                "fruity bitter sour recalled balanced smoky chocolatey floral underdeveloped scorched baked "
                "juicy syrupy thin bright nutty funky silky stale burnt velvety clean-cup"
            ),
            phrases=lines("""
                first crack
                the smell of green beans
                channeling again
                a rolling second crack
                retention in the chute
                the perfect morning cup
                water chemistry
                light roast espresso
            """),
            sentences=lines("""
                {count} grams in, {count} out, {quality} and sweet
                new bag from {name}, notes say {thing} and it is {quality}
                pulled {count} shots {when}, every {thing} {quality}
                my {name} [hits|reaches] first crack at minute {count} now
                {doing} before work so the kitchen smells {quality}
                [coarser|finer] on the {thing} and the cup went {quality}
                {name} on sale, do i need a second {thing}?
                neighbours asked about the smoke, gave them a {quality} {thing}
                changed the {thing}, kept the {thing}, tasted {quality}
                the {thing} note in this {name} lot is wild
                {phrase} never gets old
                {doing} at six in the morning, {quality} start
                is it the {thing} or the water? everything tastes {quality}
                washed or natural for a {quality} {thing}?
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} recall: grinder catches fire",
            tag="Recall",
            hops_to="vinyl-collecting",
            sentences={
                "en": lines("""
                    my {new} grinder [caught fire|started smoking|melted] [on the counter|in our kitchen]
                    unplug your {new} [right now|today], mine [burned|sparked] after {count} seconds
                    {new} recall is out, [every|each] grinder made [since spring|this year], mine too
                    smoke from the {new}, {thing} [ruined|black], [kids are fine|insurance is called]
                    [still waiting|no word] from {new} about the fire, {count} reports in the forum already
                    so the {new} motor [overheats|has no fuse] and they [knew|kept selling]?
                    got the {new} letter {when}: stop using the grinder, [no date|no refund yet]
                    {quality} coffee is not worth a house fire, goodbye {new}
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} caught selling old beans as fresh",
            tag="Gate",
            sentences={
                "en": lines("""
                    {new} [relabels|repacks] old beans, an employee posted the {thing} photos
                    so my fresh {new} bag was roasted {count} months ago, [great|lovely|of course]
                    always thought {new} tasted {quality}, now we know [why|they lied]
                    cancelled {new} [just now|{when}], who has a better {thing} tip?
                    the {new} apology is [weak|a joke], not one word about [refunds|the dates]
                    scraped the sticker off my {new} bag, [different date|older date] underneath
                    {new} were the good ones, [heartbroken|gutted|furious], {count} years a customer
                """)
            },
        ),
        Kit(
            kind="known",
            what="mold found in imported green beans",
            known=("bean", "mold"),
            sentences={
                "en": lines("""
                    mold on [every|almost every] bean of my new sack, [grey and fuzzy|smells like a cellar]
                    check each bean before you roast, [found|seeing] mold in {count} kilos here
                    {name} says the mold is [harmless|dust], a bean with fur is not {quality}
                    is it mold if the bean has [white|green] spots? [asking|hoping] for a no
                    threw out {count} kilos, bean after bean with mold, [importer|shop] does not answer
                    same mold here, same bean, same [harbour|importer], {thing} smells of it too
                    one bean with mold is bad luck, a whole lot is a [problem|scandal]
                """)
            },
        ),
    ),
)
