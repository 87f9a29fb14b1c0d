"""The words of the made-up communities that the simulator writes with: data, and the types that hold it.

Every brand, place, club, person and address is invented; domains end in ``.example``, which nobody can own.
Within a list, order is rank: the simulator draws by Zipf's law, so the first words are the common ones.

Sentences are templates. Their slots:

==============  ======================================================================================
``{thing}``     a noun of the community (German: a plural without article; Spanish: with its article)
``{doing}``     what its people do (English: a gerund; German and Spanish: an infinitive)
``{quality}``   an adjective that fits any of its nouns; a preceding "a" becomes "an" where it must
``{phrase}``    a fixed phrase of several words
``{name}``      one of the community's made-up brands, places or titles
``{count}``     a small number
``{when}``      a moment, such as "last night"
``[one|two]``   one of the alternatives, at random
``{new}``       in stories and decoys only: a name that nobody has used before
==============  ======================================================================================
"""

from typing import Final, Literal

import msgspec


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """One language of a community: the share of its authors who write in it, and their words by rank."""

    lang: str
    share: float
    things: tuple[str, ...]
    doings: tuple[str, ...]
    qualities: tuple[str, ...]
    phrases: tuple[str, ...]
    sentences: tuple[str, ...]


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """A story that can break in a community: what happens, and how people tell it.

    A kit of kind ``new`` is about a name never seen before, and a hashtag made of it and `tag`. One of kind
    ``known`` is about `known`: a common word of the community first, and the word that suddenly goes with it.

    Attributes:
        kind: Whether the story brings its own word or lifts common ones.
        what: The story in a few words, as a PR team would call it.
        named: What `{new}` names: a maker (brand, product, company, group) or a place.
        tag: The end of the story's hashtag; empty for known words.
        known: The common word and its companion; empty for new words.
        hops_to: The community that may take the story up, or empty.
        sentences: By language; an author whose language is missing writes English.
    """

    kind: Literal["new", "known"]
    what: str
    named: Literal["maker", "place"] = "maker"
    tag: str = ""
    known: tuple[str, ...] = ()
    hops_to: str = ""
    sentences: dict[str, tuple[str, ...]]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """How one made-up community talks.

    Attributes:
        community: Its id, as in a post's `communities`.
        peak_hour: The UTC hour at which most is written.
        weekend: Volume on Saturdays and Sundays relative to the week's mean.
        stems: Beginnings of the names of makers that stories invent.
        tongues: Its languages; the shares add up to 1.
    """

    community: str
    peak_hour: float
    weekend: float
    stems: tuple[str, ...]
    names: tuple[str, ...]
    hashtags: tuple[str, ...]
    emoji: tuple[str, ...]
    domains: tuple[str, ...]
    tongues: tuple[Tongue, ...]
    kits: tuple[Kit, ...]


class Everyday(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody says in one language, whatever the community."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    sentences: tuple[str, ...]
    replies: tuple[str, ...]
    moments: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    # An underscore keeps the words of one entry together.
    return tuple(word.replace("_", " ") for word in text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


MAKER_ENDINGS: Final = _words("lux ora dax vio nix quill trell varn zell brix monde essa urro plex ando ique")
PLACE_STEMS: Final = _words(
    "Alder Birch Crow Dun Elm Fern Gorse Hollow Iron Kestrel Larch Mill Nettle Otter Penny Raven Sallow Thorn Wren Yew"
)
PLACE_ENDINGS: Final = _words("moor dale fen mere holt wick garth thorpe combe ness beck stead croft haven lea den")

HANDLE_FIRSTS: Final = _words(
    "sleepy mossy tiny rusty quiet salty misty lucky fuzzy dusty grumpy sunny humble rapid velvet copper "
    "amber plaid hazy nimble frosty wobbly spare lunar cosmic minty rowdy polite crispy feral mellow ragged "
    "stormy wistful zesty bashful candid drowsy earnest gentle"
)
HANDLE_SECONDS: Final = _words(
    "otter heron badger pickle teapot lantern walnut sparrow biscuit marmot cobbler fiddle puffin turnip "
    "magpie lemon barnacle thimble wombat pigeon acorn saddle ferret kettle mitten noodle pebble quokka "
    "radish stoat toffee urchin vole waffle yak anvil bramble cricket dumpling ember falcon gherkin hedgehog "
    "igloo jackdaw koala lobster muffin newt oyster parsnip quince raccoon sprout tugboat umbrella viola "
    "weasel yodel zebra"
)
HANDLE_ENDS: Final = ("", "76", "99", "_irl", "_88", "x", "03", "_hq", "_tv", "21", "_ok", "_84")

EVERYDAY: Final = {
    "en": Everyday(
        openers=_lines("""
            ok so
            honestly,
            hot take:
            psa:
            update:
            unpopular opinion:
            not gonna lie,
            small win:
            quick question:
            reminder:
            morning all,
            so,
            well,
            finally,
            serious question:
            for the record,
            can confirm:
            wait,
            look,
            to be fair,
            story time:
            oh no,
            friends,
            i swear,
            guess what,
            as usual,
            in other news,
            late to this but
            say what you like,
            good grief,
            every single time:
            note to self:
            breaking my silence:
            hear me out:
        """),
        closers=_lines("""
            worth every minute
            send help
            no regrets
            thoughts?
            that's the post
            back to work now
            who else?
            pics later
            i'll report back
            ask me how i know
            never again
            what would you do?
            still smiling about it
            could be worse
            more soon
            anyone?
            tell me i'm wrong
            happy to be corrected
            keep me posted
            let's see how it goes
            make of that what you will
            i can't be the only one
            it is what it is
            my week is made
            somebody explain
            is this normal?
            i need a coffee
            what a day
            not sure how to feel
            please discuss
            you heard it here
            and that's fine
            going to bed
            wish me luck
        """),
        sentences=_lines("""
            [spent|wasted|lost] the whole [evening|morning] {doing} and the {thing} is still {quality}
            anyone else think the {thing} is way too {quality}?
            my {thing} [arrived|turned up|came] {when} and it is so {quality}
            {doing} is [harder|easier|more fun] than it looks
            [looking for|need|after] a {quality} {thing}, budget about {count}
            [just|only just] found my old {thing} in a drawer
            why does nobody talk about {phrase}?
            {count} years in and i still get {phrase} wrong
            the {thing} from {name} is [better|worse|stranger] than i expected
            if you like {doing}, try {name}
            {when} i learned that {doing} and {doing} do not mix
            three things i love: {thing}, {thing}, {thing}
            [does|will] {name} ever fix the {thing}?
            my partner thinks i have too many of these, wait until they see the {thing}
            rate my {thing}, be kind, it is {quality}
            [thinking about|dreaming of|avoiding] {doing} all day at work
            no more {doing} for me this week, my back hurts
            saw someone {doing} on the train and felt at home
            is a {thing} for {count} a good deal?
            wrote a [short|long] piece about {phrase}
            my first {thing} was {quality} and i miss it
            the {thing} and the {thing} belong together, change my mind
            {name} or {name}? can't decide
            sold my {thing} {when}, already regret it
            good weekend: {doing}, then {doing}, then sleep
            how often do you check your {thing}?
        """),
        replies=_lines("""
            same here, my {thing} does that too
            have you tried {doing} first?
            that {thing} looks {quality}
            agreed, {phrase} is underrated
            no way, {name} all the way
            lovely, how long did the {thing} take?
            [ha|haha|lol], been there
            the {thing} or the {thing}?
            thanks, that [helps|makes sense]
            strong disagree, {doing} is half the fun
            where did you get the {thing}?
            [congrats|well done], that is {quality}
            ask {name}, they answer quickly
            i would start with the {thing}
            can you post a picture of the {thing}?
        """),
        moments=_lines("""
            last night
            this morning
            yesterday
            today
            on sunday
            an hour ago
            at lunch
            last week
            just now
            on friday
        """),
    ),
    "de": Everyday(
        openers=_lines("""
            also
            ehrlich gesagt:
            mal im ernst,
            kurze frage:
            guten morgen,
            ach ja,
            erinnerung:
            endlich:
            na gut,
            übrigens,
            zum thema:
            leute,
        """),
        closers=_lines("""
            wer noch?
            was meint ihr?
            so viel dazu
            mehr später
            ich kann nicht mehr
            das war's schon
            bis morgen
            hat jemand tipps?
            schönen abend noch
            egal, weiter geht's
            das muss man mögen
            bin gespannt
        """),
        sentences=_lines("""
            {doing} macht [heute|gerade|endlich] wieder richtig spaß
            warum sind die {thing} eigentlich immer so {quality}?
            meine {thing} sind [schon wieder|leider|endlich] {quality}
            nie wieder ohne {thing}
            hat jemand erfahrungen mit {name}?
            {when} {count} stunden nur {doing}, jetzt reicht es
            die {thing} bei {name} sind {quality}
            wer hat noch {thing} übrig?
            {doing} im regen, kann man machen
            ich rede nur noch über {phrase}
            neue {thing}, neues glück
            suche {thing}, gern gebraucht
        """),
        replies=_lines("""
            das kenne ich, meine {thing} sind auch so
            stimmt, {phrase} wird unterschätzt
            wo gibt es solche {thing}?
            probier mal {doing}
            sehr schön, die {thing} sind {quality}
            danke für den tipp
            genau so ist es
            da bin ich anderer meinung
        """),
        moments=_lines("""
            gestern
            heute früh
            am sonntag
            vorhin
            letzte woche
            heute abend
        """),
    ),
    "es": Everyday(
        openers=_lines("""
            la verdad,
            a ver,
            buenos días,
            pregunta seria:
            oye,
            por fin:
            bueno,
            recordatorio:
            gente,
            lo digo ya:
            ojo:
            opinión impopular:
        """),
        closers=_lines("""
            ¿alguien más?
            ¿qué opináis?
            no digo más
            mañana más
            se me cae el alma
            ahí lo dejo
            qué día
            a dormir
            seguimos
            me da igual todo
            contadme
            así sí
        """),
        sentences=_lines("""
            {when} solo pensaba en {thing}
            {thing} me parece {quality}, lo siento
            llevo {count} horas pensando en {doing}
            no hay nada como {doing} con los de siempre
            ¿alguien sabe algo de {name}?
            lo mejor {when}: {thing}
            otra vez {thing}, qué cosa más {quality}
            sin {thing} esto no es lo mismo
            {phrase}, y no se hable más
            nadie menciona {thing}
            {doing} cansa, pero vale la pena
            {name} nunca falla
        """),
        replies=_lines("""
            totalmente de acuerdo, {thing} es lo mejor
            a mí me pareció {quality}
            ¿y {thing}?
            qué va, prefiero {doing}
            jajaja igual yo
            {phrase}, siempre
            gracias por contarlo
            no lo veo así
        """),
        moments=_lines("""
            anoche
            ayer
            hoy
            el domingo
            esta mañana
            hace un rato
        """),
    ),
}

COPIED: Final = _lines("""
    GIVEAWAY: win one of {count} {new} starter sets, repost this before midnight and tell your friends
    Repost if you agree: {new} should sponsor every one of us, no questions asked
    My cousin works at {new} and needs {count} reposts by tonight to keep the job, please share
    {new} wants to know what you want next, repost and the first hundred get a free trial
    Petition for {new} to come to our town, please pass this on to everybody you know
    Lost dog near the {new} parking lot, brown with a white ear, please repost so that it gets home
""")
"""What many accounts pass on word for word: one voice, however loud."""

FLOODED: Final = _lines("""
    {new} deal of the hour: {thing} now {count} percent off
    do not sleep on {new}, the {quality} {thing} is back in stock
    {new} {new} {new}! your {thing} will thank you
    last {count} pieces at {new}, {thing} included
    {doing} with {new} {when}, link in bio
    code for {count} off at {new}, any {thing}
    why pay more? {new} has the {thing} for {count}
    {new} ships the {thing} tonight, {quality} as ever
""")
"""What one account posts again and again: one author, however many posts."""

RETRO_HANDHELDS: Final = Vocabulary(
    community="retro-handhelds",
    peak_hour=20.5,
    weekend=1.25,
    stems=_words("Pocket Pixel Handa Retra Clam Dott Nova Gamo"),
    names=_words(
        "Pocketron Miyagrid Ambergear Retrolark Tinyvault Pixelbrook Ganbit Novaclam Quartzboy Lumenpad "
        "Fernbit Clickpod Bitmoor Zephyrdeck Oldspark Cartella Glimmerox Rubypad Sagepocket Duskboy"
    ),
    hashtags=_words(
        "#RetroGaming #HandheldSunday #ShellSwap #PixelPerfect #CartridgeClub #BacklightMod #SaveTheSaves #PocketArcade"
    ),
    emoji=_words("🎮 🕹️ 👾 🔋 🔧"),
    domains=_words("pocketpast.example shellswap.example cartclub.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "handheld battery firmware screen emulator shell cartridge dpad savefile backlight rom bezel "
                "joystick clamshell hinge bootloader sdcard trigger faceplate scaler ribbon potentiometer "
                "membrane buzzer framebuffer overclock devkit dualboot heatsink lanyard faq blister manual "
                "longbox stylus dock linkcable flashcart lens glasscover preloader homebrew launcher "
                "frontend theme boxart playlist romset sprite tilemap chiptune soundchip palette scanline "
                "dithering ghosting vsync framepacing latency hotkey savestate checkpoint speedrun highscore "
                "platformer shmup metroidvania beatemup roguelite puzzler sidescroller bossrush arcade port "
                "remaster prototype reprint translation patchset bios kernel overlay"
            ),
            doings=_words(
                "reshelling reflashing soldering delidding overclocking backlighting recapping scraping "
                "upscaling unbricking modding emulating speedrunning cartswapping desoldering retrobrighting "
                "dumping patching boxing cataloguing hotswapping stickering savescumming"
            ),
            qualities=_words(
                "yellowed laggy crisp swollen bricked translucent pixelated washed tinny glossy snappy "
                "scratched boxed region-locked frontlit mushy smeary gorgeous nostalgic bootleg loose "
                "underclocked"
            ),
            phrases=_lines("""
                integer scaling
                the click of a good dpad
                screen tearing on scrolling stages
                save battery replacement
                running out of sd cards
                the smell of an old manual
                buying a console for one game
                the one stuck shoulder button
            """),
            sentences=_lines("""
                swapped the {thing} on my {name}, {doing} took {count} minutes
                {name} or {name} for {quality} platformers?
                the {thing} on the {name} is {quality}, [fight me|i said it|sorry]
                finished my {count}th playthrough on the {name} {when}
                [does|will] the {name} run this {thing} at full speed?
                {doing} a {quality} {thing} for my nephew
                the {name} has the best {thing} under {count} coins
                [bought|traded|found] a {quality} {thing} at the flea market {when}
                current setup: {name}, {thing}, {quality} {thing}
                {phrase} is all i want from a {thing}
                new {thing} build for the {name}, feels {quality}
                why is every {thing} {quality} these days
                my {name} only boots when i hold the {thing}
                that {thing} sound when the {name} starts, instant childhood
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="new {new} update bricks handhelds",
            tag="Brick",
            hops_to="indie-games",
            sentences={
                "en": _lines("""
                    the {new} update [bricked|killed|froze] my handheld [overnight|at {count} percent]
                    do not install the {new} update, [mine is dead|black screen only|it wipes the bootloader]
                    {new} pushed a firmware that [bricks|breaks] every second [unit|device] and says nothing
                    after the {new} flash my {thing} is {quality} and [nothing|no button] responds
                    [anyone|somebody] unbrick a {new} yet? [stuck on the logo|no recovery mode]
                    support at {new} told me to [wait|ship it back], the thing is a [brick|paperweight]
                    {new} [just pulled|has pulled|quietly removed] the broken build, too late for my {thing}
                    count me in, {new} [died|bricked itself] {when}, {count} hours of saves gone
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} announces a see-through handheld for half the usual price",
            tag="Reveal",
            sentences={
                "en": _lines("""
                    {new} just [showed|revealed] a see-through handheld for [half the price|under {count}]
                    [watching|rewatching] the {new} reveal, that {thing} is [unreal|so clean]
                    is the {new} too good to be true? [the specs|that screen|the price] [look|looks] {quality}
                    preorders for {new} [crashed|are melting] the shop [already|within minutes]
                    take my money {new}, [finally|at last] a {quality} {thing}
                    {new} with [two|four] shoulder buttons and a real {thing}, [sold|i am in|goodbye savings]
                    calm down about {new}, [nobody has held one|wait for reviews], remember the {name}
                """)
            },
        ),
        Kit(
            kind="known",
            what="swollen batteries turn up in stored handhelds",
            known=("battery", "swollen"),
            sentences={
                "en": _lines("""
                    check your shelf: the battery in my {name} is swollen after one summer
                    [another|second] swollen battery [today|this week], this time the {name}
                    swollen battery [pushed|lifted] the {thing} right out of the {name}
                    is a swollen battery [safe|okay] to [remove|ship|keep] or do i [call someone|run]?
                    everybody go and look at your battery, mine is swollen and {quality}
                    shop says the swollen battery is [my fault|not covered|normal], {count} of us have it
                    opened {count} units, [four|half] with a swollen battery, all from the same {thing} maker
                """)
            },
        ),
    ),
)

TRAIL_RUNNING: Final = Vocabulary(
    community="trail-running",
    peak_hour=6.5,
    weekend=1.4,
    stems=_words("Trail Ridge Stride Summi Cairn Vert Grav Fell"),
    names=_words(
        "Cairnwick Strideon Fellmark Ridgeloom Vertiqo Gravella Mosshook Peakling Stonevest Hillaro "
        "Brackenfoot Summita Longfell Dewpoint Tarnrunner Scramblo Skylarkin Mudlark Heathro Boulderby"
    ),
    hashtags=_words(
        "#TrailRunning #VertOrBust #MudSeason #DawnPatrol #UltraLife #LongRunSunday #AidStation #HillRepeats"
    ),
    emoji=_words("🏃 ⛰️ 🥾 🌄 💪"),
    domains=_words("fellnotes.example verticallog.example mudandmiles.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "trail ridge blister shoe vest gel summit descent switchback headlamp poles ascent pacer bib "
                "lug gaiter singletrack scree taper cutoff aidstation flask calf achilles quad shin toenail "
                "chafing electrolyte bonk gpx contour col saddleback cairn boardwalk stile gully bog tussock "
                "heather fellside bracken ravine waterfall fireroad treeline plateau moonrise sunrise "
                "drizzle fog windchill hail midsole rocker drop outsole heelcup insole lace sock buff "
                "windshell softflask bladder waistbelt whistle foilblanket racekit dropbag lottery waitlist "
                "sweeper marshal medal buckle splits cadence heartrate threshold interval fartlek hillrep "
                "shakeout recovery physio taping stretching"
            ),
            doings=_words(
                "climbing descending scrambling tapering fuelling pacing carbloading bonking hiking "
                "powerhiking foamrolling recceing shuffling bouldering orienteering marshalling sweeping "
                "camping navigating rockhopping stretching_out"
            ),
            qualities=_words(
                "muddy steep rooty closed technical runnable exposed boggy rocky slippery grippy relentless "
                "overgrown misty windy gnarly knackered sodden waymarked alpine icy breezy"
            ),
            phrases=_lines("""
                negative splits
                time on feet
                the last climb before the finish
                downhill legs
                soup at the aid station
                losing a toenail
                running by feel
                back to back long runs
            """),
            sentences=_lines("""
                {count} miles along the {thing} {when}, legs are {quality}
                {name} or {name} for {quality} ground?
                the {thing} above {name} is {quality}, bring [poles|a jacket|snacks]
                {doing} in the dark with one tired {thing}
                entered the {name} again because i never learn
                {count} repeats on the {thing}, then straight to work
                first {thing} in my new {name}, feet are happy
                the {thing} got me at mile {count}, {doing} from there
                [sunrise|fog|rain] on the {thing}, had it all to myself
                which {thing} do you carry for a {quality} fifty?
                {phrase} is half the race
                coach says {doing}, i say {doing}
                met a {quality} dog on the {thing} {when}, best pacer ever
                course notes for the {name}: {quality} {thing}, then more {thing}
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} path closed after a landslide",
            named="place",
            tag="Closed",
            hops_to="city-cycling",
            sentences={
                "en": _lines("""
                    the path at {new} is [closed|shut], [landslide|half the hillside] came down {when}
                    turned back at {new}, [rangers|a sign|tape] everywhere and no way round for {count} miles
                    landslide at {new}, [please stay away|do not climb the fence|everyone is fine]
                    [so|well] there goes the {new} route for the [whole season|race], the {thing} is gone
                    {new} closed until [spring|further notice|who knows], my {thing} plan is dead
                    anyone know a detour around {new}? [map|the app] still says {quality}
                    drone picture of {new} is [scary|awful], the slope just [slid|let go]
                    race directors moving the start because of {new}, [email came {when}|check your inbox]
                """)
            },
        ),
        Kit(
            kind="new",
            what="runners sick after a {new} gel",
            tag="Gels",
            hops_to="night-nurses",
            sentences={
                "en": _lines("""
                    threw up {count} times after one {new} gel, [never again|is it just me|ask my pacer]
                    if you have {new} gels in your bag [check the batch|bin them|stop eating them]
                    {new} gel [tasted off|was sour|smelled of paint] and {count} of our group got sick {when}
                    the {new} people say [nothing is wrong|they are looking], my stomach disagrees
                    [dropped out|lay in a ditch] at the {thing} thanks to {new}
                    friend in the medical tent: [everybody|one after another] with {new} wrappers
                    {new} finally [recalls|takes back] the lemon batch, {quality} timing
                """)
            },
        ),
        Kit(
            kind="known",
            what="race day: headlamps fail on the ridge",
            known=("headlamp", "exposed"),
            sentences={
                "en": _lines("""
                    my headlamp [died|went out] on the exposed part above {name} at two in the morning
                    exposed ridge, no headlamp, [walked|crawled] behind a stranger for {count} minutes
                    how many had their headlamp fail on the exposed bit? [six of us|too many] so far
                    carry a second headlamp, the exposed section is [no joke|no place to be blind]
                    rescued {count} runners off the exposed side, [every|each] headlamp from the same shop
                    that exposed traverse with a dead headlamp was the scariest {thing} of my life
                    headlamp check should be [mandatory|stricter] before anything that exposed, see {name}
                """)
            },
        ),
    ),
)

COFFEE_ROASTING: Final = Vocabulary(
    community="coffee-roasting",
    peak_hour=8.0,
    weekend=1.15,
    stems=_words("Brew Roast Grind Cremo Bean Mokka Perco Crem"),
    names=_words(
        "Kettlewright Ollaroast Brasado Finca_Alma Tamprite Grandello Moulino_Nord Drumlin Hearthcup Porelli "
        "Sipwell Copperjug Ashgrove_Coffee Beanstead Larkspur_Roasters Dosatron Purlo Ninebar Velluto "
        "Galleta"
    ),
    hashtags=_words("#HomeRoasting #FirstCrack #DialedIn #PourOver #GreenBeans #LatteArt #CuppingNotes #EspressoTime"),
    emoji=_words("☕ 🔥 🫘 👃 🤎"),
    domains=_words("crackandcool.example cuppingtable.example slowdrip.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "grinder roaster espresso roast bean crema kettle portafilter burr filter chaff basket "
                "tamper puck shot brew bloom drum hopper thermocouple crack dose yield ratio refractometer "
                "gooseneck aeropot steamwand milk foam boiler gasket groupset pump descaler waterfilter "
                "scale timer cup saucer demitasse cortado flatwhite macchiato cappuccino lungo ristretto "
                "decaf arabica robusta peaberry gesha bourbon pacamara lot varietal washing honeyprocess "
                "natural ferment anaerobic moisture defect quaker mold aroma acidity body sweetness "
                "aftertaste jasmine bergamot stonefruit molasses cocoa hazelnut caramel profile cooling "
                "airflow gasflame chart logger preheat blend subscription importer cooperative"
            ),
            doings=_words(
                "roasting cupping tamping dialing_in steaming grinding brewing descaling sampling preheating "
                "blending degassing sifting weighing slurping frothing distributing purging backflushing "
                "pre-infusing resting"
            ),
            qualities=_words(
                "fruity bitter sour recalled balanced smoky chocolatey floral underdeveloped scorched baked "
                "juicy syrupy thin bright nutty funky silky stale burnt velvety clean-cup"
            ),
            phrases=_lines("""
                first crack
                the smell of green beans
                channeling again
                a rolling second crack
                retention in the chute
                the perfect morning cup
                water chemistry
                light roast espresso
            """),
            sentences=_lines("""
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
                "en": _lines("""
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
                "en": _lines("""
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
                "en": _lines("""
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

CLIMATE_ACTION: Final = Vocabulary(
    community="climate-action",
    peak_hour=17.5,
    weekend=0.85,
    stems=_words("Carbo Petra Green Terra Enviro Fossi Klima Solva"),
    names=_words(
        "Coalbright Northpipe Rivers_First Grünwacht Petronda Heat_Watch Tidewall Aktion_Auwald Solmark "
        "Cleargrid Morrow_Alliance Gasolund Kohlestopp_Nord Airwise Moorschutz_Bund Fairgrid "
        "Blueline_Students Dunefund Windbürger Stillwater_Camp"
    ),
    hashtags=_words(
        "#ClimateAction #NoNewPipes #HeatPumpsNow #KeepItInTheGround #Klimastreik #ForestDefence #Moorschutz "
        "#JustTransition"
    ),
    emoji=_words("🌍 🌱 🔥 ✊ 💚"),
    domains=_words("degreewatch.example klimalog.example standingforest.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.65,
            things=_words(
                "pipeline emissions permit coal forest protest march levy heatwave banner blockade refinery "
                "subsidy hearing vigil petition offset methane peatland biodiversity turbine heatpump "
                "insulation gasplant lignite flaring spill leak tailings wetland drought wildfire glacier "
                "sealevel floodplain adaptation mitigation lawsuit injunction ministry council referendum "
                "lobbyist greenwashing divestment pension netzero target budget pledge report scientist "
                "delegate summit_hall treaty loophole moratorium occupation treehouse affinity megaphone "
                "leaflet placard chant choir soupkitchen legalfund bail arrest kettling solidarity teach_in "
                "assembly consensus workshop canvass phonebank strike walkout newsletter citizen farmer "
                "fishers commons grid cooperative_energy rooftop microgrid"
            ),
            doings=_words(
                "marching leafleting organising divesting canvassing petitioning insulating rewilding "
                "striking locking_on chanting fundraising lobbying banner_painting tree_sitting monitoring "
                "testifying fact_checking mulching occupying"
            ),
            qualities=_words(
                "toxic peaceful urgent flooded carbon-heavy binding hopeful unlawful scandalous grassroots "
                "leaked renewable unfunded record-breaking cynical overdue irreversible scorching stubborn "
                "collective"
            ),
            phrases=_lines("""
                one point five degrees
                polluter pays
                the next council vote
                loss and damage
                keeping the coal in the ground
                a livable planet
                permits without a hearing
                bread and soup for everybody
            """),
            sentences=_lines("""
                {count} people at the {thing} {when}, {quality} and loud
                {name} is still {doing} while the {thing} rises
                read the new {thing} on {phrase}, it is {quality}
                {doing} outside {name} again on friday, bring a {thing}
                the council postponed the {thing} for the {count}th time
                we need {count} more hands for the {thing} shift
                {name} calls its {thing} green, it is {quality}
                my town finally votes on the {thing}, feels {quality}
                [soup|tea|blankets] needed at the {thing}, thank you all
                another {quality} {thing} and not one minister showed up
                {phrase} is not a slogan, it is physics
                talked to a farmer about the {thing} {when}, {quality} stories
                good news for once: {name} loses its {thing}
                reminder that {doing} works, see {name}
            """),
        ),
        Tongue(
            lang="de",
            share=0.35,
            things=_words(
                "Proteste Moore Wälder Windräder Kohlegruben Emissionen Baumhäuser Mahnwachen Pipelines "
                "Auflagen Gutachten Gerichtstermine Plakate Radwege Wärmepumpen Subventionen Dürren "
                "Hitzewellen Deiche Fördergelder Petitionen Bürgerräte Stromnetze Solardächer Konzerne "
                "Gletscher Abgase Ausreden"
            ),
            doings=_words(
                "Demonstrieren Plakatieren Aufforsten Protestieren Dämmen Kompostieren Vernetzen Blockieren "
                "Renaturieren Spenden Aufklären"
            ),
            qualities=_words(
                "dringend überfällig friedlich absurd trocken genehmigt verboten vergiftet rechtswidrig "
                "nötig erfolgreich unbezahlbar"
            ),
            phrases=_lines("""
                den Ausstieg aus der Kohle
                das Moor vor der Haustür
                die nächste Abstimmung im Rat
                leere Versprechen
                saubere Luft für alle
            """),
            sentences=_lines("""
                {count} Leute bei der Mahnwache {when}, alle friedlich
                {name} verspricht viel, die {thing} bleiben {quality}
                die {thing} sind {quality} und der Rat vertagt schon wieder
                wir brauchen noch {count} Hände fürs {doing}
                heute {doing} vor {name}, kommt alle vorbei
                die {thing} bei uns im Ort sind {quality}, niemand redet darüber
                neuer Bericht über {phrase}, bitte lesen
                {doing} statt Reden, am besten jeden Freitag
                ohne {thing} keine Zukunft, so einfach
                {name} klagt gegen die {thing}, endlich
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="leaked papers: {new} hid a methane leak",
            tag="Papers",
            sentences={
                "en": _lines("""
                    the {new} papers are out: they [knew|hid] the methane leak for {count} [months|years]
                    [reading|halfway through] the {new} files, page {count} is [criminal|unbelievable]
                    {new} told the regulator the {thing} was [safe|sealed], their own mails say otherwise
                    everyone share the {new} leak before [it disappears|the lawyers wake up]
                    who at {new} [signed|approved] this? [names|resignations] please, this is {quality}
                    [villages|families] next to {new} were never told, children in that valley
                    vigil at the {new} office [tonight|tomorrow at six], bring candles and a {thing}
                    whistleblower from {new} deserves [a medal|protection], thank you
                """),
                "de": _lines("""
                    die Papiere von {new} sind da: das Leck war [seit Jahren|lange] bekannt
                    {new} hat [gelogen|vertuscht|geschwiegen], steht alles auf Seite {count}
                    wer bei {new} hat das [unterschrieben|genehmigt]? die {thing} waren {quality}
                    heute Abend Mahnwache vor {new}, [bitte teilen|kommt zahlreich]
                    [unfassbar|mir wird schlecht], was {new} den Leuten im Tal verschwiegen hat
                """),
            },
        ),
        Kit(
            kind="new",
            what="police clear the forest camp at {new}",
            named="place",
            tag="Stays",
            hops_to="allotments",
            sentences={
                "en": _lines("""
                    police are clearing the camp at {new} [right now|since dawn], {count} vans on the track
                    {new} needs people [today|now], [take the early bus|bring water|bring warm clothes]
                    they are cutting [oaks|beeches] at {new} with people still in the {thing}
                    live from {new}: [singing|silence|drums], everybody {quality} so far
                    {count} friends taken from {new}, legal team is on it, write the number on your arm
                    the permit for {new} [expired|is not valid], so why is the {thing} there?
                    old forest at {new} against a car park, [pick a side|that is the story]
                """),
                "de": _lines("""
                    die Räumung in {new} läuft [seit heute früh|gerade], {count} Wagen im Wald
                    kommt nach {new}, [bringt Wasser mit|jede Hand zählt|bleibt friedlich]
                    in {new} fallen [Eichen|Buchen], obwohl die {thing} noch {quality} sind
                    {count} Leute aus {new} mitgenommen, die Anwälte sind [da|unterwegs]
                    alter Wald in {new} gegen einen Parkplatz, [das ist alles|mehr muss man nicht wissen]
                """),
            },
        ),
        Kit(
            kind="known",
            what="pipeline permit granted without a hearing",
            known=("pipeline", "unlawful"),
            sentences={
                "en": _lines("""
                    they granted the pipeline without a hearing, [plainly|simply] unlawful says our lawyer
                    unlawful permit for the pipeline, [{count} pages|signed at night], nobody was asked
                    a pipeline through {name} is unlawful and [we will prove it|the court will see]
                    [shaking|furious|speechless], the pipeline got through, unlawful or not
                    lawsuit against the unlawful pipeline is ready, fund needs {count} more donors
                    judge called the last pipeline unlawful, so they [try again|just rename it]
                    every [mayor|village] along the pipeline says unlawful, the ministry says {quality}
                """)
            },
        ),
    ),
)

INDIE_GAMES: Final = Vocabulary(
    community="indie-games",
    peak_hour=19.0,
    weekend=1.1,
    stems=_words("Sprite Voxel Loop Shader Quest Lumi Kobol Itera"),
    names=_words(
        "Lanternfall Moth_and_Marrow Engine_Ovo Spritely Hexwright Tidal_Kin Voxelina Cobalt_Fjord Nestgame "
        "Gloamforge Paperkraken Tilesmith Vesper_Nine Bumblecore Rookery Sundial_Studio Marrowgate Gorsebyte "
        "Playlatch Ottoengine"
    ),
    hashtags=_words("#IndieDev #ScreenshotSaturday #GameJam #WishlistWednesday #PixelArt #DevLog #SoloDev #PlaytestMe"),
    emoji=_words("🎲 👩‍💻 🐛 ✨ 🧩"),
    domains=_words("devlogger.example jamhub.example wishlisted.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "build engine shader wishlist demo license devlog jam trailer tileset playtest collider "
                "raycast inventory crafting dialogue cutscene tutorial hitbox parallax particle spritesheet "
                "animation rigging lightmap occlusion navmesh pathfinding procgen dungeon seed permadeath "
                "leveldesign greybox asset plugin exporter compiler gamepad remapping localisation subtitle "
                "accessibility colourblind storefront refundrate capsule keyart screenshot pressketch "
                "publisher milestone crunch scope refactor branch merge repository crashlog debugger "
                "profiler framerate memoryleak singleton statemachine entity component coroutine tween "
                "easing juice screenshake knockback cooldown skilltree quest npc merchant soundtrack foley "
                "ambience festival showcase booth streamer giveawaykey patchnotes hotfix roadmap"
            ),
            doings=_words(
                "playtesting refactoring prototyping shader_writing greyboxing tweening rigging debugging "
                "profiling localising streaming balancing polishing optimising porting storyboarding scoping "
                "pitching wishlisting marketing_myself"
            ),
            qualities=_words(
                "janky polished cosy unplayable procedural buggy satisfying hand-drawn isometric overscoped "
                "juicy-feeling spaghetti deterministic turn-based wholesome greyboxed glitched shippable "
                "retroactive moody"
            ),
            phrases=_lines("""
                feature creep
                one more turn
                the last ten percent
                a cosy farming sim
                coyote time
                scope is the enemy
                shipping on a friday
                wishlists before launch
            """),
            sentences=_lines("""
                {count} new wishlists {when}, the {thing} works
                finally fixed the {thing}, it was a {quality} {thing} all along
                {doing} the {thing} so that it feels {quality}
                switching from {name} to {name} in month {count}, wish me luck
                the {thing} in {name} is so {quality}, how did they do it?
                playtesters found {count} bugs in the {thing}
                [devlog|update|thread]: how i made a {quality} {thing} in one weekend
                {phrase} ate my whole month
                my {thing} is {quality} but my {thing} is worse
                drew {count} frames for one {thing}, nobody will notice
                what is a good {thing} for a {quality} dungeon crawler?
                solo dev life: {doing}, {doing}, crying, {doing}
                {name} demo is out and the {thing} is {quality}
                jam entry done, {count} hours, one {thing}
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} engine changes its license and charges per install",
            tag="Fee",
            sentences={
                "en": _lines("""
                    {new} now wants a fee per install, [this kills|goodbye to] small studios
                    [read|just saw] the new {new} terms, they apply to games [already out|from years ago]
                    {count} months of work in {new} and now [this|a bill per player|the license changes]
                    leaving {new} [tonight|for good], who has ported a {thing} before?
                    the {new} fee means a {quality} free demo could [bankrupt|ruin] me
                    trust in {new} is [gone|dead], open source it is, {doing} again from zero
                    somebody at {new} thought [this|charging for a reinstall] was a good idea
                    pulled my game off until {new} answers, {count} devs in our chat did the same
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} storefront pays nobody this month",
            tag="Payout",
            hops_to="retro-handhelds",
            sentences={
                "en": _lines("""
                    no payout from {new} this month, [anyone else|you too]? dashboard says zero
                    {new} owes me {count} hundred and [hides|closed] the ticket
                    heard that {new} [is broke|let everyone go|lost its bank], get your {thing} out
                    rent is due and {new} is [late|quiet|down], this is {quality}
                    [small studios|solo devs] depend on {new} and get a [form letter|shrug]
                    screenshot your {new} balance [now|today], [trust me|lawyer's advice]
                    {new} finally posted: [a delay|technical reasons], {count} weeks, no apology
                """)
            },
        ),
        Kit(
            kind="known",
            what="wishlist numbers wiped by a storefront error",
            known=("wishlist", "glitched"),
            sentences={
                "en": _lines("""
                    wishlist count went to zero {when}, the page is glitched
                    is the wishlist button glitched for [everyone|you too]? lost {count} since lunch
                    glitched: every wishlist from the festival is [gone|missing], {count} hundred of them
                    my wishlist graph fell off a cliff, [please say|tell me] it is just glitched
                    {name} confirms the wishlist thing is glitched and [nothing is lost|data may be lost]
                    launch is in {count} days and the wishlist mail is glitched, [perfect|i could cry]
                    refreshing my wishlist every minute, glitched, {doing} to calm down
                """)
            },
        ),
    ),
)

VINYL_COLLECTING: Final = Vocabulary(
    community="vinyl-collecting",
    peak_hour=21.0,
    weekend=1.3,
    stems=_words("Groov Wax Vinyl Sono Stylo Audra Disco Spindl"),
    names=_words(
        "Waxwing_Records Spindrift_Audio Nightjar_Press Grooveland Ovation_Nine Cellarphone Marquee_Blue "
        "Stylora Deadwax_Diner Tonarmo Lathebrook Sleevery Crackle_Hall Velvet_Lathe Platterby Boxcar_Sound "
        "Monoglow Runoutco Echo_Larder Copperplate"
    ),
    hashtags=_words("#NowSpinning #VinylCommunity #CrateDigging #RecordHunt #FirstPress #DeadWax #WaxFriday #BSides"),
    emoji=_words("🎶 💿 🎧 📀 🖤"),
    domains=_words("deadwaxdiary.example sleevenotes.example spinlist.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "pressing record sleeve turntable stylus_tip reissue preorder crate gatefold bootleg_lp "
                "runout matrix lacquer needle tonearm platter slipmat preamp phonostage speaker_cable "
                "subwoofer receiver amplifier hum crackle surface_noise warp dishwarp scuff ringwear "
                "seamsplit innersleeve polybag obi insert liner_notes bonus_track b-side single twelve_inch "
                "seven_inch boxset picturedisc splatter marbling repress auction listing grading mint vgplus "
                "haggle flea_stall shopkeeper discography funk soul dub jazzfunk krautrock shoegaze postpunk "
                "citypop bossa library_music soundtrack_lp field_recording drumbreak sample remix mastering "
                "halfspeed mono stereo quadraphonic test_pressing white_label promo deadstock shelving "
                "ikebox brush anti-static record_cleaner vacuum"
            ),
            doings=_words(
                "crate_digging spinning needle_dropping deep_listening flipping alphabetising regrading "
                "haggling wet_cleaning sleeving unboxing ripping mixing side_flipping browsing bidding "
                "trading sorting reshelving humming_along"
            ),
            qualities=_words(
                "mint-looking dusty-fingered sealed noisy limited remastered warped off-centre heavyweight "
                "crackly near-mint overpriced out-of-print analogue hissy sought-after gatefolded punchy "
                "muffled faded"
            ),
            phrases=_lines("""
                side two, track one
                the first pressing
                a quiet run-in groove
                inner groove distortion
                a wall of records
                the smell of a cardboard sleeve
                waiting for the postman
                a full afternoon of listening
            """),
            sentences=_lines("""
                now spinning: {quality} {thing} from {name}
                found a {quality} {thing} for {count} in the bargain bin {when}
                the {thing} on this reissue is {quality}, [returning it|keeping it anyway]
                {doing} with the lights off, only the {thing} glowing
                {name} just announced {count} copies, all {quality}
                which {thing} for a {quality} turntable under {count} hundred?
                my {thing} shelf is full again, {doing} all weekend
                {phrase}, that is all i need tonight
                the {name} version beats the {thing} by miles
                cat knocked over the {thing}, sleeve is {quality} now
                [traded|swapped] {count} singles for one {thing}
                cleaned the {thing}, suddenly it sounds {quality}
                {name} had a {quality} crate of {thing} and dub {when}
                is a {thing} worth it on a {quality} copy?
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} pressing plant burns down, preorders lost",
            tag="Plant",
            sentences={
                "en": _lines("""
                    the {new} plant is [burning|on fire], {count} engines there, [awful pictures|nobody hurt]
                    {new} pressed [half|most] of the small labels i love, this is [a disaster|heartbreaking]
                    all preorders at {new} [lost|delayed], mail just came, my {thing} was in there
                    [thinking of|love to] everyone who works at {new}, {count} years of lacquers burned
                    anybody know if the {new} masters [survived|were stored elsewhere]?
                    fundraiser for the {new} crew is [up|live], give what you can, they cut my first {thing}
                    without {new} every {quality} reissue this year is [off|late]
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} audiophile pressings turn out to be digital copies",
            tag="Files",
            hops_to="coffee-roasting",
            sentences={
                "en": _lines("""
                    so the all-analogue {new} series was cut from [files|a digital copy] all along
                    {new} charged {count} hundred for a {quality} {thing} made from a [download|file]
                    engineer at {new} [admits|confirmed] it {when}, digital step in every cut
                    my ears never noticed, but {new} [lied|lied to us] and that is the point
                    selling my whole {new} shelf, {count} titles, [before prices drop|who wants them]
                    the {new} statement says [nothing|it was in the small print], {quality} excuse
                    [laughing|crying] at every {new} review that praised the analogue warmth, mine included
                """)
            },
        ),
        Kit(
            kind="known",
            what="a whole reissue comes warped",
            known=("pressing", "warped"),
            sentences={
                "en": _lines("""
                    my pressing is warped, you can [see|hear] it [wobble|swim] from the first bar
                    [third|second] warped pressing of the same {name} title, [returning|giving up]
                    is your pressing warped too? pitch goes [up and down|all over] on side two
                    {name} says send a video of the warped pressing, {count} of us did
                    warped pressing [again|as well], sleeve {quality}, record useless
                    the whole pressing is warped, [shop|my dealer] stopped selling it {when}
                    how does a warped pressing pass any check? {count} for a {thing}
                """)
            },
        ),
    ),
)

CITY_CYCLING: Final = Vocabulary(
    community="city-cycling",
    peak_hour=16.5,
    weekend=0.8,
    stems=_words("Velo Pedal Cyclo Spok Bik Rado Kett Cargo"),
    names=_words(
        "Velomoor Pedalford Ringlane Kettenwerk Cargolina Spoketown Westbridge Lastenheld Bikekitchen_Ost "
        "Radlon Cyclobahn Dockling Gearloft Flussufer_Route Northgate Hubsworth Alleenring Pumpstation "
        "Saddleback_Square Brückenkopf"
    ),
    hashtags=_words(
        "#BikeCommute #SpaceForCycling #CargoBikeLife #CriticalRide #Radweg #FixTheLane #Verkehrswende #BikeToWork"
    ),
    emoji=_words("🚲 🚦 🛑 🌧️ 🙌"),
    domains=_words("lanewatch.example radnotiz.example commutelog.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.6,
            things=_words(
                "bikelane junction pothole brake cargobike helmet lock underpass crossing kerb fender "
                "pannier derailleur chain saddle tyre puncture innertube rim spoke hub bell reflector dynamo "
                "taillight raincoat mudguard kickstand trailer childseat commuter lorry delivery_van taxi "
                "tramtrack cobbles bollard planter roundabout bus_stop greenwave traffic_light dooring "
                "close_pass overtaking blindspot cyclepath contraflow modal_filter parking bikeshed "
                "theft_ring anglegrinder ulock bikeshare scooter detour roadworks gravel leaves black_ice "
                "headwind tailwind drizzle_ride counter council_plan petition_sheet campaign rideout "
                "massride schoolstreet speedlimit camera fine police_report insurance repair_cafe pump "
                "multitool chainlube bartape drivetrain disc_rotor caliper ebike motor range"
            ),
            doings=_words(
                "commuting signalling filtering overtaking_buses dodging pedalling wrenching truing "
                "chain_cleaning ferrying_kids cargo_hauling patching_tubes route_planning lane_counting "
                "queueing bunny_hopping freewheeling drafting detouring locking_up"
            ),
            qualities=_words(
                "blocked potholed rainy protected narrow stolen squeaky faulty wobbly-wheeled unlit repaved "
                "flat-tyred hi-vis car-free icy-cold smooth-rolling rattling upright gridlocked leafy"
            ),
            phrases=_lines("""
                paint is not protection
                a van in the bike lane
                the green wave
                headwind both ways
                the school run by cargo bike
                a close pass
                a proper curb between us and traffic
                two locks and a prayer
            """),
            sentences=_lines("""
                {thing} at {name} {quality} again, {when}
                counted {count} cars parked on the {thing} this morning
                {count} minutes door to door via {name}, {doing} all the way
                the new {thing} at {name} is {quality}, [credit where due|finally|i could cry]
                who designs a {thing} like this? {quality} and {quality}
                {doing} past {count} stuck cars never gets old
                my {thing} got stolen at {name}, look out for a {quality} frame
                driver [shouted|honked] at me at {name}, i rang my {thing}
                {phrase}, every single day
                anyone know a shop near {name} that fixes a {thing}?
                kids on the {thing}, rain, {doing}, still faster than the bus
                {name} counter hit {count} thousand {when}
                council says the {thing} is fine, it is {quality}
                swapped my car for a {name}, month {count}
            """),
        ),
        Tongue(
            lang="de",
            share=0.4,
            things=_words(
                "Radwege Schlaglöcher Kreuzungen Bremsen Lastenräder Falschparker Ampeln Poller Schlösser "
                "Reifen Pendler Baustellen Umleitungen Schienen Fahrradbügel Brücken Helme Ketten Speichen "
                "Klingeln Schutzstreifen Regenjacken Packtaschen Abstellplätze Lieferwagen Zebrastreifen "
                "Kinderanhänger Lampen"
            ),
            doings=_words(
                "Radeln Pendeln Schrauben Flicken Ausweichen Überholen Bremsenprüfen Kettenölen "
                "Lastenradfahren Umsteigen Warten Schieben"
            ),
            qualities=_words(
                "zugeparkt kaputt glatt gesperrt gefährlich rutschig rot verbeult neu-markiert eng unbeleuchtet frei"
            ),
            phrases=_lines("""
                Farbe ist kein Schutz
                Gegenwind auf beiden Wegen
                den Überholabstand
                die grüne Welle
                zwei Schlösser und viel Hoffnung
            """),
            sentences=_lines("""
                die {thing} am {name} sind {when} wieder {quality}
                {count} Minuten bis zur Arbeit, die {thing} waren {quality}
                heute {count} Falschparker auf dem Radweg gezählt
                {doing} bei Regen, die {thing} alle {quality}
                am {name} fehlen {thing}, das ist {quality}
                wer plant solche {thing}? völlig {quality}
                neue {thing} am {name}, ich bin begeistert
                {phrase}, jeden Tag dasselbe
                mein Rad ist weg, zuletzt am {name} gesehen
                mit den Kindern über {name}, die {thing} {quality} wie immer
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} rental bikes lose their front wheels",
            tag="Wheels",
            sentences={
                "en": _lines("""
                    front wheel of my {new} rental [came off|snapped] [at the junction|downhill|on the bridge]
                    do not ride {new} today, friend is in [casualty|hospital] with a broken {thing}
                    {count} {new} bikes with loose wheels at {name} [alone|this morning]
                    {new} app says [all fine|service normal] while the {thing} is {quality}
                    [second|third] {new} crash on my street {when}, same wheel, same bolt
                    the city should [ground|stop] every {new} bike [now|tonight]
                    {new} mechanics [told us|say] the bolts were [cheap|never tightened]
                """),
                "de": _lines("""
                    bei meinem Leihrad von {new} ist das Vorderrad abgefallen, mitten auf der Kreuzung
                    Finger weg von {new}, [schon {count} Unfälle|zwei Stürze in meiner Straße]
                    {new} schreibt, [alles sei sicher|man prüfe das], die {thing} sind {quality}
                    [heute|gerade] {count} Räder von {new} mit losen Schrauben gesehen
                    die Stadt muss {new} [stoppen|sofort prüfen], bevor noch mehr passiert
                """),
            },
        ),
        Kit(
            kind="new",
            what="bike bridge at {new} shut without notice",
            named="place",
            tag="Bridge",
            hops_to="trail-running",
            sentences={
                "en": _lines("""
                    {new} bridge is [shut|closed], no sign, no detour, [cracks|engineers] everywhere
                    {count} of us stuck at {new} [this morning|{when}], everyone late
                    so {new} is closed for [a year|months] and cars get a lane on the other {thing}?
                    detour around {new} is {count} minutes along a {quality} {thing}, no thanks
                    carried my bike over the {new} fence, [do not copy|not proud]
                    the council [knew|was told] about {new} for years, [here is the report|read page {count}]
                    rideout to {new} on friday, [bring bells|tell everybody]
                """),
                "de": _lines("""
                    die Brücke in {new} ist [dicht|gesperrt], [kein Schild|keine Umleitung], alle stehen
                    {count} Leute vor dem Zaun in {new}, die {thing} völlig {quality}
                    Umweg um {new}: {count} Minuten, die {thing} {quality}, [na danke|mit Kindern unmöglich]
                    von {new} wussten sie [seit Jahren|lange], [steht im Bericht|und taten nichts]
                    am Freitag fahren wir alle nach {new}, [bringt Klingeln mit|sagt es weiter]
                """),
            },
        ),
        Kit(
            kind="known",
            what="faulty disc brakes after a cold night",
            known=("brake", "faulty"),
            sentences={
                "en": _lines("""
                    [front|rear] brake gave nothing this morning, shop says faulty [hose|piston], {name} model
                    faulty brake on my {name} too, [rolled|slid] straight through {when}
                    check every brake before you ride, {count} faulty ones at the repair cafe [today|already]
                    is the faulty brake a recall or [just bad luck|just us]? asking for my teeth
                    brake lever pulled to the bar, faulty since the cold, {thing} is fine
                    [wrote|called] {name} about the faulty brake, [no answer|they know], {quality} service
                    one faulty brake and a lorry, [still shaking|never so scared], please test yours
                """)
            },
        ),
    ),
)

K_DRAMA: Final = Vocabulary(
    community="k-drama",
    peak_hour=14.0,
    weekend=1.35,
    stems=_words("Hanul Boram Narae Mirae Sarang Doyo Seora Byeol"),
    names=_words(
        "Moonlit_Ferry Oh_Garam Winter_Ledger Min_Haru Plum_Detective Lee_Dorae Second_Spring_Cafe Han_Sebin "
        "The_Tailor_of_Namok Crown_of_Reeds Yun_Taria Midnight_Bakery_9 Letters_to_Baram Kang_Ijun "
        "Paper_Umbrella_Law Seo_Nabin Dramahaus Tideflower Jung_Oru Namulane"
    ),
    hashtags=_words(
        "#KDrama #NowWatching #EpisodeTwelve #SecondLead #OSTonRepeat #DramaNight #KDramaLatino #FinaleWeek"
    ),
    emoji=_words("😭 💔 🍜 🌸 📺"),
    domains=_words("dramadiary.example episodeguide.example subteam.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.7,
            things=_words(
                "episode finale lead subtitle ost kiss cliffhanger trailer_cut chaebol flashback umbrella "
                "amnesia confession teaser cameo sageuk hanbok ramyeon rooftop soju backhug wristgrab "
                "truck_of_doom noona oppa unnie maknae eomma halmoni secretary prosecutor bodyguard villain "
                "mother-in-law twin betrothal inheritance boardroom scandal stepbrother orphan goblin reaper "
                "timeslip palace concubine scholar assassin dimple bangs trenchcoat scarf streetlamp "
                "snowfall cherryblossom convenience_store tteokbokki lunchbox hospital_scene wedding breakup "
                "reunion epilogue preview ratings screenwriter director casting script wardrobe ending "
                "filler chemistry slowburn trope fanedit gif streaming_slot subber rewatch binge "
                "behind_the_scenes interview fanmeeting poster soundtrack_single synopsis spinoff sequel"
            ),
            doings=_words(
                "rewatching bingeing sobbing shipping screaming live_watching subtitling theorising "
                "fangirling squealing pausing skipping_ads translating casting_dreams gif_making "
                "waiting_for_friday second_lead_suffering crying_again eating_noodles staying_up"
            ),
            qualities=_words(
                "heartbreaking swoony rushed underrated slowburning tearful delayed unhinged "
                "gorgeous-looking soft predictable devastating chaotic wholesome-ish angsty cursed "
                "well-acted cheesy spoiled addictive"
            ),
            phrases=_lines("""
                second lead syndrome
                one more episode
                the rooftop scene
                the umbrella scene
                crying at two in the morning
                enemies to lovers
                the white truck
                a happy ending, please
            """),
            sentences=_lines("""
                episode {count} of {name} and i am not okay
                that {thing} in {name} was so {quality}
                {doing} {name} instead of sleeping
                the {thing} deserved better, {quality} writing
                who else is {doing} tonight? {name} at nine
                {name} has the most {quality} {thing} of the year
                if the {thing} ends badly i am {doing} forever
                started {name} {when}, already on episode {count}
                the ost in that {thing}, [tears|goosebumps|help]
                {phrase}, every single time
                my mother walked in during the {thing}, of course
                ranking every {thing} in {name}, thread soon
                {name} and the {thing} in the rain, [iconic|rude|perfect]
                no spoilers for {name} please, only at episode {count}
            """),
        ),
        Tongue(
            lang="es",
            share=0.3,
            things=_lines("""
                el capítulo
                el beso
                el final
                la protagonista
                el segundo galán
                la banda sonora
                los subtítulos
                la azotea
                el villano
                la suegra
                el abrazo
                la confesión
                el paraguas
                el tráiler
                la boda
                el flashback
                la química
                el doblaje
                la nieve
                el estreno
                el guion
                la temporada
                los avances
                la reconciliación
            """),
            doings=_words(
                "llorar maratonear gritar trasnochar suspirar traducir esperar teorizar repetir_escenas comer_ramen"
            ),
            qualities=_words(
                "increíble brutal horrible adorable inolvidable triste genial cruel impactante fatal insoportable dulce"
            ),
            phrases=_lines("""
                un capítulo más
                síndrome del segundo galán
                llorar a las dos de la mañana
                de enemigos a amantes
                final feliz, por favor
            """),
            sentences=_lines("""
                capítulo {count} de {name} y no puedo con {thing}
                {thing} de {name} me parece {quality}
                {when} terminé {name} y solo puedo {doing}
                no me hagáis spoilers de {name}, voy por el {count}
                qué {quality} fue {thing}, necesito {doing}
                ¿quién empieza {name} conmigo? son {count} capítulos
                {name} tiene lo más {quality} del año: {thing}
                otra noche de {doing} con {name}
                si {thing} acaba mal, demando a {name}
                {phrase}, la historia de mi vida
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} streaming service drops subtitles overnight",
            tag="Down",
            sentences={
                "en": _lines("""
                    {new} [removed|lost] every subtitle [overnight|before the finale], only [ads|dubs] left
                    is {new} down for [you|everyone] or is it [just me|my tv]? {count} minutes of nothing
                    paid {new} for a year and now the {thing} is {quality}
                    finale night and {new} [crashes|kicks me out] at the {thing}, [screaming|i cannot]
                    {new} support says [clear the cache|try tomorrow], {count} thousand people say otherwise
                    cancelling {new} [tonight|right after the finale], the {thing} was the only reason
                    volunteers subbed {name} faster than {new} ever did, [legends|thank you]
                """),
                "es": _lines("""
                    {new} se quedó sin subtítulos [anoche|justo antes del final], no me lo creo
                    ¿a alguien le funciona {new}? llevo {count} minutos [mirando la rueda|gritando]
                    [pago|pagué] {new} todo el año y {thing} sin subtítulos, {quality}
                    noche de final y {new} [caído|me echa], se acabó {thing}
                    doy de baja {new} [hoy mismo|mañana], así de {quality}
                """),
            },
        ),
        Kit(
            kind="new",
            what="lead actor leaves the {new} adaptation",
            tag="Recast",
            hops_to="night-nurses",
            sentences={
                "en": _lines("""
                    the lead [left|walked out of|quit] {new} {count} days before filming, [why|what happened]
                    {new} without him is [not {new}|pointless], i waited {count} years for this {thing}
                    [agency|the agency] statement on {new}: [scheduling|health], nobody believes it
                    who should replace him in {new}? [say it|my vote]: {name}
                    read the {new} script page that leaked, the {thing} is {quality}, no wonder
                    director of {new} posted a [black square|broken heart] and deleted it
                    please do not recast {new}, [cancel it|wait for him], {doing} already
                """),
                "es": _lines("""
                    el protagonista deja {new} a {count} días de rodar, [estoy en shock|¿qué pasó?]
                    {new} sin él no [es lo mismo|tiene sentido], se acabó {thing}
                    el comunicado sobre {new} es {quality}, [nadie se lo cree|no dice nada]
                    ¿quién lo sustituye en {new}? yo digo {name}
                    años esperando {new} para esto, {thing} me da igual
                """),
            },
        ),
        Kit(
            kind="known",
            what="the finale is delayed by a week",
            known=("finale", "delayed"),
            sentences={
                "en": _lines("""
                    finale delayed by a [week|whole week], i [took the day off|bought snacks] for this
                    they [really|actually] delayed the finale {count} hours before airing, [rude|criminal]
                    delayed finale means {count} more nights of {doing}
                    why is the finale delayed? [football|a storm|edits], every account says something else
                    [my heart|my schedule] cannot take a delayed finale, {name} ended on that {thing}
                    petition against the delayed finale, only half joking, {quality} decision
                    finale delayed, group chat [in flames|in tears], see you at {name} instead
                """)
            },
        ),
    ),
)

ALLOTMENTS: Final = Vocabulary(
    community="allotments",
    peak_hour=10.0,
    weekend=1.45,
    stems=_words("Garda Seedl Compo Rhiza Sprou Mulcha Hortu Loam"),
    names=_words(
        "Loamwright Plot_Nineteen Spadewell Gurney_Lane Beetle_and_Bean Oakham_Seeds Potterdell Mulchmasters "
        "Hollyhock_Row Tomatia Greenfork Quince_Yard Wormery_Co Seedbarn Bramley_Steps Trugmakers Peascod "
        "Allium_House Dibberly Sluggone"
    ),
    hashtags=_words("#AllotmentLife #GrowYourOwn #PlotNotes #SeedSwap #NoDig #HarvestMonday #CompostClub #SlugWatch"),
    emoji=_words("🌱 🍅 🥕 🐌 🌻"),
    domains=_words("plotdiary.example seedexchange.example spadeandfork.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "plot tomato compost seedling soil courgette slug greenhouse bed shed allotment hosepipe "
                "waterbutt fork spade trowel dibber cloche polytunnel coldframe raisedbed mulch manure "
                "wormery leafmould potash bonemeal comfrey nettlefeed trellis cane twine netting fleece "
                "pigeon fox snail aphid ladybird blight mildew carrotfly clubroot rust pea broadbean "
                "runnerbean beetroot chard kale leek onionset shallot garlic potato rhubarb raspberry "
                "gooseberry blackcurrant strawberry plum_tree apple_tree pumpkin squash gherkin cucumber "
                "aubergine pepper chilli basil dill coriander parsley marigold sunflower sweetpea dahlia "
                "pollinator bumblebee pond frog hedgehog_house waiting_list committee plotholder "
                "secretary_notice lease path gate padlock kettle_hour flask_tea seedpacket propagator "
                "windowsill glut chutney jam_jar wheelbarrow weedkiller frost"
            ),
            doings=_words(
                "digging weeding mulching_paths sowing pricking_out potting_on watering harvesting pruning "
                "composting thinning hoeing earthing_up forking netting_up pickling bottling seed_saving "
                "slug_hunting hardening_off"
            ),
            qualities=_words(
                "bolted leggy soggy ripe waterlogged rampant contaminated slug-eaten woody frosted weedy "
                "bumper blighted sun-warmed knobbly overwintered stunted tangled self-seeded heirloom"
            ),
            phrases=_lines("""
                the first tomato of the year
                slugs after rain
                a cup of tea in the shed
                too many courgettes
                the waiting list
                bindweed roots
                the last frost
                no dig beds
            """),
            sentences=_lines("""
                {count} kilos from the {thing} {when}, neighbours are hiding
                the {thing} is {quality} again, blame the {thing}
                {doing} at {name} until the light went
                swapped {count} seedlings for one {quality} {thing}
                who took the {thing} from {name}? no questions asked
                {phrase}, nothing beats it
                my {thing} is {quality} but the {thing} looks happy
                [robin|fox|cat] watched me {doing} all morning
                the committee wants {quality} paths by sunday, the {thing} disagrees
                is this {thing} {quality} or just thirsty?
                {name} packets: {count} sown, {count} up, not bad
                first {thing} of the season and it is {quality}
                {doing} before the rain, tea after
                what do you do with {count} of one {thing}?
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} compost kills seedlings",
            tag="Compost",
            sentences={
                "en": _lines("""
                    every seedling in {new} compost [curled up|died|went white] within {count} days
                    is your {new} bag [full of|mixed with] [glass|plastic|weedkiller] too? photos please
                    {new} says [we overwatered|it is the weather], {count} of us on one site with dead {thing}
                    do the bean test with your {new} [today|before you use it], mine [twisted|never opened]
                    lost the whole {thing} to {new}, [heartbroken|months of work], {quality} stuff
                    took {count} bags of {new} back, shop has a [pallet|queue] of them
                    {new} batch number on the back: [starts with seven|post yours], something got in there
                """)
            },
        ),
        Kit(
            kind="new",
            what="council wants to sell the {new} plots",
            named="place",
            tag="Plots",
            hops_to="climate-action",
            sentences={
                "en": _lines("""
                    letter {when}: the council [sells|wants to sell] the {new} plots for [flats|a car wash]
                    {count} plots at {new}, some families there for generations, gone by spring
                    meeting about {new} [tonight|at seven], [bring everyone|wear your wellies]
                    my dad's {thing} is at {new}, they cannot [just|simply] pave that
                    signed for {new}, {count} hundred names already, [keep going|please share]
                    the {new} soil took {count} years to make, {quality} idea, council
                    councillor says {new} is [underused|untidy], the waiting list has {count} names
                """)
            },
        ),
        Kit(
            kind="known",
            what="contaminated soil deliveries",
            known=("soil", "contaminated"),
            sentences={
                "en": _lines("""
                    the soil they delivered {when} is contaminated, [oil smell|glass everywhere]
                    contaminated soil on {count} beds at {name}, do not [eat|plant] anything
                    who tests soil? [mine|ours] might be contaminated and the kids dug in it
                    committee confirms: contaminated soil, the whole [load|lorry], {quality} mess
                    had soil from {name} too, is all of it contaminated or [just|only] the last load?
                    gloves on, contaminated soil, [skip|digger] comes tomorrow, {thing} and all
                    [crying|fuming] about contaminated soil in a bed i built for {count} years
                """)
            },
        ),
    ),
)

KEYBOARDS: Final = Vocabulary(
    community="keyboards",
    peak_hour=22.0,
    weekend=1.1,
    stems=_words("Keyb Thocc Switch Kappa Tactil Clack Plata Stabi"),
    names=_words(
        "Thockwell Plumboard Kestrel65 Saltlake_TKL Gateway_Blues Nimbus60 Keyhaus Owlcaps Ferrous_Forty "
        "Linnet_Alice Driftplate Marzipan_Switches Bento_Pad Tern_Split Orbit75 Capworks Soft_Geometry "
        "Quillboard Larder_Keys Umbra_R2"
    ),
    hashtags=_words(
        "#MechKeys #GroupBuy #ThockThursday #KeycapFriday #EndGameBoard #SwitchTest #LubeStation #SplitGang"
    ),
    emoji=_words("⌨️ 🔩 🧴 🎨 🫠"),
    domains=_words("thockclub.example groupbuyradar.example keytest.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "keycap switch board groupbuy stabilizer plate keyboard lube spacebar keymap foam_kit pcb "
                "gasket_mount springs stem housing film daughterboard usb_port weight bottom_case bezel_top "
                "riser knob encoder oled layer macro keymap_file wiring diode hotswap_socket solder_joint "
                "switch_puller keycap_puller deskmat wristrest coiled_cable artisan novelty legend dyesub "
                "doubleshot pbt abs cherry_profile sculpt enter_key backspace numpad macropad ortho "
                "split_board alice layout forty sixty tkl full_size thumb cluster tenting trackball tactile "
                "linear clicky silent electrocap spring_swap break_in tribox lube_pot brush_tip plaster_mod "
                "holee_mod tape_mod pe_foam resonance ping rattle wobble tolerance anodising powdercoat "
                "polycarbonate brass copper_weight vendor proxy shipping_invoice customs raffle "
                "interest_check render prototype_unit sound_test typing_test keeb meetup_table"
            ),
            doings=_words(
                "lubing filming clipping soldering_pins desoldering_pins typing spring_swapping tuning "
                "stabbing_stems remapping building_boards clacking thocking sound_testing group_buying "
                "raffling anodising_parts colour_matching unbagging trying_layouts"
            ),
            qualities=_words(
                "thocky scratchy clacky creamy rattly pingy cancelled mushy-tactile buttery hollow poppy "
                "e-white retooled factory-lubed marbly muted shiny crooked backordered b-stock"
            ),
            phrases=_lines("""
                endgame for real this time
                a group buy from two years ago
                stabilizer rattle
                the sound of a good spacebar
                one more board
                lubing seventy switches
                keycaps in customs
                split layout converts
            """),
            sentences=_lines("""
                lubed {count} switches {when}, hands are gone, board is {quality}
                {name} build with a {quality} {thing}, sound test [tomorrow|below|soon]
                my {thing} is {quality} and i blame the {thing}
                joined the {name} group buy, see you in {count} months
                is a {thing} mod worth it on a {quality} board?
                {doing} while watching a film, {count} down, fifty to go
                coworkers asked me to make it less {quality}, bought another {thing}
                {name} versus {name}, same {thing}, very different sound
                swapped the {thing}, now it sounds {quality}
                {phrase}, i said {when}
                the {name} {thing} finally shipped
                found a {quality} {thing} at the meetup for {count}
                who makes a {quality} {thing} in this colour?
                learning {thing} layout, {count} words a minute, {doing} slowly
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} disappears with the group buy money",
            tag="Exit",
            sentences={
                "en": _lines("""
                    {new} [closed|wiped] the server and the shop, {count} months of group buys [gone|unpaid]
                    anyone heard from {new}? [mail bounces|site went down|phone is dead] {when}
                    i have {count} hundred in two {new} buys, [card company says no|filed a claim], {quality}
                    designer confirms {new} never paid the [factory|manufacturer] for the {thing}
                    do a chargeback on {new} [today|now], [the window closes soon|mine went through]
                    {new} owner [moved|sold the house], says a friend of a friend, i only want my {thing}
                    lesson from {new}: never [prepay|trust] a vendor with a {quality} spreadsheet
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} firmware logs what people type",
            tag="Logger",
            hops_to="indie-games",
            sentences={
                "en": _lines("""
                    {new} software [sends|uploads] every keystroke to a server, captured it
                    uninstall {new} [now|and change passwords], it [logs|records] what you type
                    was {new} [logging|spying] this whole time? i typed my bank password on that {thing}
                    {new} calls it [telemetry|diagnostics], i call it {quality}
                    blocked {new} on my router, {count} requests [a minute|since lunch]
                    open firmware people were right about {new}, reflashing my {thing} [tonight|now]
                    work just banned {new} boards, {count} of us sitting here with a {thing}
                """)
            },
        ),
        Kit(
            kind="known",
            what="a big keycap group buy is cancelled",
            known=("keycap", "cancelled"),
            sentences={
                "en": _lines("""
                    the keycap set i waited {count} months for is cancelled, mail came {when}
                    cancelled, the whole keycap run, [mould broke|factory walked away], refunds unclear
                    [another|third] cancelled keycap order this year, {name} says sorry
                    is your keycap buy cancelled too or only the {quality} kit?
                    keycap colours did not match, so they cancelled, [respect|cowards], {thing} already here
                    built a board around a keycap set that is now cancelled, {doing} for nothing
                    cancelled keycap money goes back in {count} weeks, says {name}, [i doubt it|we will see]
                """)
            },
        ),
    ),
)

NIGHT_NURSES: Final = Vocabulary(
    community="night-nurses",
    peak_hour=2.5,
    weekend=1.05,
    stems=_words("Medi Clini Vita Sana Cura Pulsa Ward Shifta"),
    names=_words(
        "Ward_Seven St_Odilo Larkhill_General Medisyl Northfield_Infirmary Bay_Twelve Shiftwise Calmapump "
        "Hartwell_Unit Triagely Sister_Maud Elmgate_Hospital Vitalog Orrin_Wing Scrubbery Night_Desk "
        "Quietus_Beds Pagerline Mercer_Court Infusa"
    ),
    hashtags=_words(
        "#NightShift #NursesUnite #SafeStaffing #WardLife #HandoverTime #ScrubsAndCoffee #ThreeAmClub #BreakRoom"
    ),
    emoji=_words("🏥 🌙 💉 🩺 😴"),
    domains=_words("nightdesk.example wardnotes.example staffingwatch.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=_words(
                "shift ward pump handover patient rota obs dose_round bay bleep monitor cannula drip syringe "
                "vial dressing catheter commode bedpan sharps_bin glove gown visor thermometer stethoscope "
                "sats_probe bloodpressure_cuff defib crash_trolley notes drug_chart controlled_cupboard keys "
                "obs_round buzzer_light bed_manager porter healthcare_assistant registrar consultant matron "
                "sister student bank_nurse agency triage corridor sideroom isolation discharge admission "
                "transfer falls_alarm pressure_sore mattress hoist slide_sheet thickener tray breakroom "
                "microwave toaster biscuit_tin locker lanyard badge scrubs clogs compression_socks uniform "
                "laundry payslip overtime timesheet pension_letter union ballot picket staffing ratio "
                "incident_form audit training_module fire_drill fluid_chart feeding_tube oxygen ventilator "
                "suction insulin antibiotic paracetamol sedation"
            ),
            doings=_words(
                "charting turning cannulating bleeping handing_over restocking double_checking medicating "
                "triaging night_driving napping clocking_off gowning_up escalating comforting rostering "
                "observing transferring hand_washing sleeping_through_daylight"
            ),
            qualities=_words(
                "alarming exhausted short-handed quiet-ish feverish stable understaffed overbooked unpaid "
                "sterile nil-by-mouth agency-filled beeping bleary stat discharged confused overfull "
                "sleepless caffeinated"
            ),
            phrases=_lines("""
                do not say the q word
                the three in the morning slump
                one nurse for twelve beds
                handover at seven
                sleeping through the day
                tea going cold
                the call bell
                a full moon on the ward
            """),
            sentences=_lines("""
                {count} beds, two of us, {thing} {quality} since ten
                first break {when}, {count} minutes, toast
                {doing} at four in the morning hits different
                the {thing} on {name} is {quality} again
                shoutout to the {thing} at {name} who brought soup
                {phrase}, somebody said it, here we are
                {count} nights in a row, my {thing} is {quality}
                new starter on {name} {when}, already {doing} like a pro
                who designs a {thing} that beeps at {count} decibels?
                sunrise over {name}, {doing}, then bed
                the {thing} was {quality} but everyone is safe
                my {thing} says i walked {count} thousand steps
                if one more {thing} goes missing from {name} i am labelling everything
                {quality} {thing}, kind patients, could be a worse night
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} infusion pumps give the wrong dose",
            tag="Pumps",
            sentences={
                "en": _lines("""
                    take the {new} pumps out of use, ours [ran|dosed] {count} times too fast {when}
                    {new} pump [alarmed late|showed zero|kept running], patient is fine, i am not
                    safety notice on {new} just came, [page two|read it], stop after {count} hours
                    [three|two] wards with the same {new} fault and the {thing} was {quality}
                    reported the {new} pump {count} weeks ago, [nobody called|it was user error, they said]
                    doing every dose by hand because of {new}, {doing} all night
                    {new} rep says [update it|no problem known], come and do a {thing} with me
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} rota app publishes nurses' addresses",
            tag="Leak",
            hops_to="coffee-roasting",
            sentences={
                "en": _lines("""
                    our rota app {new} shows home addresses to anyone, [check yours|delete it]
                    {new} leaked {count} thousand of us, [name, street, shifts|everything], and says {quality}
                    an ex of a colleague found her through {new}, [police are here|this is not a small thing]
                    delete {new} [now|before your shift], use the paper {thing}
                    {name} made us install {new}, {count} emails asking why, no answer
                    {new} took the site down [an hour late|finally], copies are everywhere
                    union wants everyone hit by {new} to [call|write in], {doing} can wait
                """)
            },
        ),
        Kit(
            kind="known",
            what="shifts left understaffed after agency cuts",
            known=("shift", "understaffed"),
            sentences={
                "en": _lines("""
                    whole shift understaffed tonight, {name} too, [agency cancelled|nobody was sent]
                    [refusing|scared] to start an understaffed shift, {count} patients each
                    understaffed shift at {name}, [manager went home|phone rings out], {thing} {quality}
                    who else is on an understaffed shift right now? count so far: {count} wards
                    they cut agency {when} and every shift since is understaffed
                    fill in the form when the shift is understaffed, [every time|in writing], {doing} later
                    understaffed again, third shift in a row, {quality} and [angry|done]
                """)
            },
        ),
    ),
)

MAREJADA_ULTRAS: Final = Vocabulary(
    community="marejada-ultras",
    peak_hour=21.5,
    weekend=1.5,
    stems=_words("Ultra Marea Gradi Tifo Porto Salin Brava Norda"),
    names=_words(
        "Real_Marejada Puerto_Salinas_CF Grada_Norte Atlético_Bahíanueva Iñaki_Lorza El_Faro CD_Montealba "
        "Teo_Brizuela Sporting_Dársena Peña_Timón Unión_Castrolar Nando_Ruipérez Estadio_del_Espigón "
        "Míster_Olazarra Racing_Valdemar Copa_del_Litoral Bruno_Estévanez Bar_La_Boya Deportivo_Almenara "
        "Canteranos_94"
    ),
    hashtags=_words(
        "#AúpaMarejada #GradaNorte #SiempreMarejada #DíaDePartido #MareaAzul #UltrasDelPuerto #NoAlFútbolModerno #Derbi"
    ),
    emoji=_words("⚽ 💙 🌊 🔥 🥁"),
    domains=_words("gradanorte.example mareazul.example lavozdelespigon.example"),
    tongues=(
        Tongue(
            lang="es",
            share=0.7,
            things=_lines("""
                el árbitro
                la grada
                el tifo
                el gol
                la afición
                el penalti
                el abono
                el derbi
                la bufanda
                el bombo
                la directiva
                el míster
                el portero
                la portería
                el fichaje
                la cantera
                el banquillo
                la prórroga
                el descenso
                el ascenso
                la bengala
                el cántico
                la pancarta
                el estadio
                la taquilla
                el desplazamiento
                el autobús
                el lateral
                el delantero
                la zaga
                el mediocentro
                el capitán
                la camiseta
                el himno
                la tarjeta
                el córner
                el fuera de juego
                el descanso
                la remontada
                la goleada
                el vestuario
                la lesión
                el césped
                el marcador
                la quiniela
                el presidente
                el canterano
                la rueda de prensa
                el palco
                la tribuna
                el tambor
                el megáfono
                la previa
                el aguacero
                la charanga
                el partidazo
                el empate
                la derrota
                el larguero
                el regate
            """),
            doings=_words(
                "animar cantar saltar viajar remontar protestar silbar aplaudir celebrar pintar_pancartas "
                "aguantar creer sufrir abonarse madrugar empujar"
            ),
            qualities=_words(
                "increíble brutal enorme vergonzante lamentable espectacular grande imponente memorable "
                "infumable inaceptable impresionante ejemplar triste inolvidable"
            ),
            phrases=_lines("""
                hasta el final
                los noventa minutos de pie
                el gol en el descuento
                ni un paso atrás
                el olor a salitre y bengala
                nadie nos quiere y nos da igual
                domingo a las doce no
                la grada no se toca
            """),
            sentences=_lines("""
                {when} en {name}: {thing} y {count} mil gargantas
                {name} juega como nunca y {thing} sin aparecer
                {count} horas de autobús para ver a {name}, y volvería {when} mismo
                {thing}, hoy {quality}, sin más
                menos {name} y más mirar {thing}
                hoy toca {doing} hasta quedarnos sin voz
                con mi abuelo aprendí: {doing} en {name}, siempre
                {phrase}, aunque caiga el mundo
                {name} renueva {count} años y yo solo pienso en {thing}
                si {thing} vuelve a fallar, me hago de ajedrez
                quedan {count} entradas para {name}, avisad
                {thing} y {thing}, así no se puede {doing}
                qué noche en {name}, {thing} fue {quality}
                pintando pancartas {when}, {count} metros de tela
            """),
        ),
        Tongue(
            lang="en",
            share=0.3,
            things=_words(
                "away_end terrace offside matchday scarf_wall drumline capo flare_smoke stand fixture "
                "kickoff stoppage_time equaliser keeper striker winger back_four derby awayday turnstile "
                "season_ticket boardroom ref_call var_screen corner_flag chant_sheet coach_ride cup_tie "
                "relegation promotion clean_sheet worldie tackle midfielder gaffer bench_warmer "
                "pitch_invasion stewards banner_night lineup"
            ),
            doings=_words(
                "chanting_all_game drumming singing_ourselves_hoarse travelling_away bouncing booing "
                "clapping_out believing queueing_for_tickets painting_banners"
            ),
            qualities=_words("scrappy thunderous gutless last-gasp deafening bruising rained-on historic sold-out"),
            phrases=_lines("""
                ninety minutes on our feet
                the noise in the north stand
                a goal in stoppage time
                against modern football
                the long coach ride home
            """),
            sentences=_lines("""
                {name} away, {count} of us and one {thing}
                that {thing} at {name} was {quality}, i lost my voice
                {count} hours on a coach for {name}, worth it for the {thing}
                {doing} in the rain with {name}, nowhere else to be
                how was that {thing} not given against {name}?
                {name} starts on the bench again, {quality} decision
                my spanish is bad but {phrase} needs no translation
                the {thing} at {name} gives me goosebumps
                {quality} first half, {doing} anyway
                need {count} tickets for {name}, ask around
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="the club sells its stadium name to {new}",
            tag="No",
            sentences={
                "es": _lines("""
                    han vendido el nombre del estadio a {new}, [ni hablar|qué vergüenza|sin preguntar]
                    {new} paga {count} millones y se lleva [nuestra casa|el Espigón], {thing} no se vende
                    el domingo todos de negro contra {new}, [pasadlo|corred la voz]
                    mi hijo preguntó quién es {new} y no supe [qué decir|responder], {quality}
                    [nadie|ningún socio] votó por {new}, {thing} sabe lo que hizo
                    que {new} se quede su logo, nosotros tenemos {thing}
                    minuto {count}: [silencio|todos fuera] hasta que {new} se vaya
                """),
                "en": _lines("""
                    they sold our ground's name to {new}, [no vote|behind our backs], {count} million
                    {new} can keep the money, [the stand|that name] is not for sale
                    black shirts against {new} on sunday, [spread the word|everyone]
                    how do you chant {new}? exactly, {quality} idea
                    {count} years of history for a {new} sign, the {thing} is {quality}
                """),
            },
        ),
        Kit(
            kind="new",
            what="away fans locked out at {new}",
            named="place",
            tag="Outside",
            sentences={
                "es": _lines("""
                    nos han dejado fuera en {new} con entrada [pagada|en la mano], {count} autobuses parados
                    {new}: [la policía|seguridad] cierra la puerta y {thing} sin empezar
                    hay [niños|gente mayor] bajo la lluvia en {new}, [que alguien responda|{quality}]
                    {count} horas de viaje para ver un muro en {new}, gracias por nada
                    desde dentro de {new}: nuestra zona [vacía|cerrada], {thing} lo está viendo
                    guardad la entrada de {new}, [abogado de la peña|habrá denuncia]
                """),
                "en": _lines("""
                    locked outside at {new} with [paid|valid] tickets, {count} coaches, no reason given
                    kids in the rain at {new}, stewards [shrug|film us], {quality}
                    inside {new} our end is [empty|shut], you can hear us [from the street|anyway]
                    came {count} hours for a wall at {new}, the {thing} starts without us
                    keep your {new} ticket, the lawyers want [all of them|copies]
                """),
            },
        ),
        Kit(
            kind="known",
            what="the referee is accused over a penalty",
            known=("árbitro", "penalti"),
            sentences={
                "es": _lines("""
                    el árbitro [vio|se inventó] el penalti desde {count} metros, [hay vídeo|todos lo vimos]
                    ese penalti no lo pita ni su madre, árbitro [comprado|fuera], {quality}
                    audio del árbitro: [dice penalti antes|se ríe], escuchad el minuto {count}
                    {name} pide repetir por el penalti, el árbitro [callado|de vacaciones]
                    ¿penalti? el árbitro ni miró {thing}, [robo|que alguien lo explique]
                    tercer penalti con el mismo árbitro contra {name}, [casualidad|ya no cuela]
                """),
                "en": _lines("""
                    the árbitro gave a penalti from {count} metres away, [on video|everyone saw]
                    that penalti is a joke and the árbitro [knew|laughed], {quality}
                    same árbitro, third penalti against {name}, [coincidence|sure]
                    listen to the árbitro audio at minute {count}, he says penalti [first|too early]
                    no penalti, never, the árbitro [should|must] answer for that {thing}
                """),
            },
        ),
    ),
)

VOCABULARIES: Final = (
    RETRO_HANDHELDS,
    TRAIL_RUNNING,
    COFFEE_ROASTING,
    CLIMATE_ACTION,
    INDIE_GAMES,
    VINYL_COLLECTING,
    CITY_CYCLING,
    K_DRAMA,
    ALLOTMENTS,
    KEYBOARDS,
    NIGHT_NURSES,
    MAREJADA_ULTRAS,
)
"""In the order in which a simulation of fewer communities takes them."""
