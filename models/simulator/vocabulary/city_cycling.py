"""People who cycle to work in cities, in English and German."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

CITY_CYCLING: Final = Vocabulary(
    community="city-cycling",
    peak_hour=16.5,
    weekend=0.8,
    stems=words("Velo Pedal Cyclo Spok Bik Rado Kett Cargo"),
    names=words(
        "Velomoor Pedalford Ringlane Kettenwerk Cargolina Spoketown Westbridge Lastenheld Bikekitchen_Ost "
        "Radlon Cyclobahn Dockling Gearloft Flussufer_Route Northgate Hubsworth Alleenring Pumpstation "
        "Saddleback_Square Brückenkopf"
    ),
    hashtags=words(
        "#BikeCommute #SpaceForCycling #CargoBikeLife #CriticalRide #Radweg #FixTheLane #Verkehrswende #BikeToWork"
    ),
    emoji=words("🚲 🚦 🛑 🌧️ 🙌"),
    domains=words("lanewatch.example radnotiz.example commutelog.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.6,
            things=words(
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
            doings=words(
                "commuting signalling filtering overtaking_buses dodging pedalling wrenching truing "
                "chain_cleaning ferrying_kids cargo_hauling patching_tubes route_planning lane_counting "
                "queueing bunny_hopping freewheeling drafting detouring locking_up"
            ),
            qualities=words(
                "blocked potholed rainy protected narrow stolen squeaky faulty wobbly-wheeled unlit repaved "
                "flat-tyred hi-vis car-free icy-cold smooth-rolling rattling upright gridlocked leafy"
            ),
            phrases=lines("""
                paint is not protection
                a van in the bike lane
                the green wave
                headwind both ways
                the school run by cargo bike
                a close pass
                a proper curb between us and traffic
                two locks and a prayer
            """),
            sentences=lines("""
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
            things=words(
                "Radwege Schlaglöcher Kreuzungen Bremsen Lastenräder Falschparker Ampeln Poller Schlösser "
                "Reifen Pendler Baustellen Umleitungen Schienen Fahrradbügel Brücken Helme Ketten Speichen "
                "Klingeln Schutzstreifen Regenjacken Packtaschen Abstellplätze Lieferwagen Zebrastreifen "
                "Kinderanhänger Lampen"
            ),
            doings=words(
                "Radeln Pendeln Schrauben Flicken Ausweichen Überholen Bremsenprüfen Kettenölen "
                "Lastenradfahren Umsteigen Warten Schieben"
            ),
            qualities=words(
                "zugeparkt kaputt glatt gesperrt gefährlich rutschig rot verbeult neu-markiert eng unbeleuchtet frei"
            ),
            phrases=lines("""
                Farbe ist kein Schutz
                Gegenwind auf beiden Wegen
                den Überholabstand
                die grüne Welle
                zwei Schlösser und viel Hoffnung
            """),
            sentences=lines("""
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
                "en": lines("""
                    front wheel of my {new} rental [came off|snapped] [at the junction|downhill|on the bridge]
                    do not ride {new} today, friend is in [casualty|hospital] with a broken {thing}
                    {count} {new} bikes with loose wheels at {name} [alone|this morning]
                    {new} app says [all fine|service normal] while the {thing} is {quality}
                    [second|third] {new} crash on my street {when}, same wheel, same bolt
                    the city should [ground|stop] every {new} bike [now|tonight]
                    {new} mechanics [told us|say] the bolts were [cheap|never tightened]
                """),
                "de": lines("""
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
                "en": lines("""
                    {new} bridge is [shut|closed], no sign, no detour, [cracks|engineers] everywhere
                    {count} of us stuck at {new} [this morning|{when}], everyone late
                    so {new} is closed for [a year|months] and cars get a lane on the other {thing}?
                    detour around {new} is {count} minutes along a {quality} {thing}, no thanks
                    carried my bike over the {new} fence, [do not copy|not proud]
                    the council [knew|was told] about {new} for years, [here is the report|read page {count}]
                    rideout to {new} on friday, [bring bells|tell everybody]
                """),
                "de": lines("""
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
                "en": lines("""
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
