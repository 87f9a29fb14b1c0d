"""People who protest for the climate, in English and German."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

CLIMATE_ACTION: Final = Vocabulary(
    community="climate-action",
    peak_hour=17.5,
    weekend=0.85,
    stems=words("Carbo Petra Green Terra Enviro Fossi Klima Solva"),
    names=words(
        "Coalbright Northpipe Rivers_First Grünwacht Petronda Heat_Watch Tidewall Aktion_Auwald Solmark "
        "Cleargrid Morrow_Alliance Gasolund Kohlestopp_Nord Airwise Moorschutz_Bund Fairgrid "
        "Blueline_Students Dunefund Windbürger Stillwater_Camp"
    ),
    hashtags=words(
        "#ClimateAction #NoNewPipes #HeatPumpsNow #KeepItInTheGround #Klimastreik #ForestDefence #Moorschutz "
        "#JustTransition"
    ),
    emoji=words("🌍 🌱 🔥 ✊ 💚"),
    domains=words("degreewatch.example klimalog.example standingforest.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.65,
            things=words(
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
            doings=words(
                "marching leafleting organising divesting canvassing petitioning insulating rewilding "
                "striking locking_on chanting fundraising lobbying banner_painting tree_sitting monitoring "
                "testifying fact_checking mulching occupying"
            ),
            qualities=words(
                "toxic peaceful urgent flooded carbon-heavy binding hopeful unlawful scandalous grassroots "
                "leaked renewable unfunded record-breaking cynical overdue irreversible scorching stubborn "
                "collective"
            ),
            phrases=lines("""
                one point five degrees
                polluter pays
                the next council vote
                loss and damage
                keeping the coal in the ground
                a livable planet
                permits without a hearing
                bread and soup for everybody
            """),
            sentences=lines("""
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
            things=words(
                "Proteste Moore Wälder Windräder Kohlegruben Emissionen Baumhäuser Mahnwachen Pipelines "
                "Auflagen Gutachten Gerichtstermine Plakate Radwege Wärmepumpen Subventionen Dürren "
                "Hitzewellen Deiche Fördergelder Petitionen Bürgerräte Stromnetze Solardächer Konzerne "
                "Gletscher Abgase Ausreden"
            ),
            doings=words(
                "Demonstrieren Plakatieren Aufforsten Protestieren Dämmen Kompostieren Vernetzen Blockieren "
                "Renaturieren Spenden Aufklären"
            ),
            qualities=words(
                "dringend überfällig friedlich absurd trocken genehmigt verboten vergiftet rechtswidrig "
                "nötig erfolgreich unbezahlbar"
            ),
            phrases=lines("""
                den Ausstieg aus der Kohle
                das Moor vor der Haustür
                die nächste Abstimmung im Rat
                leere Versprechen
                saubere Luft für alle
            """),
            sentences=lines("""
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
                "en": lines("""
                    the {new} papers are out: they [knew|hid] the methane leak for {count} [months|years]
                    [reading|halfway through] the {new} files, page {count} is [criminal|unbelievable]
                    {new} told the regulator the {thing} was [safe|sealed], their own mails say otherwise
                    everyone share the {new} leak before [it disappears|the lawyers wake up]
                    who at {new} [signed|approved] this? [names|resignations] please, this is {quality}
                    [villages|families] next to {new} were never told, children in that valley
                    vigil at the {new} office [tonight|tomorrow at six], bring candles and a {thing}
                    whistleblower from {new} deserves [a medal|protection], thank you
                """),
                "de": lines("""
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
                "en": lines("""
                    police are clearing the camp at {new} [right now|since dawn], {count} vans on the track
                    {new} needs people [today|now], [take the early bus|bring water|bring warm clothes]
                    they are cutting [oaks|beeches] at {new} with people still in the {thing}
                    live from {new}: [singing|silence|drums], everybody {quality} so far
                    {count} friends taken from {new}, legal team is on it, write the number on your arm
                    the permit for {new} [expired|is not valid], so why is the {thing} there?
                    old forest at {new} against a car park, [pick a side|that is the story]
                """),
                "de": lines("""
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
                "en": lines("""
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
