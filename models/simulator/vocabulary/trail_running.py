"""People who run up hills and through woods."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

TRAIL_RUNNING: Final = Vocabulary(
    community="trail-running",
    peak_hour=6.5,
    weekend=1.4,
    stems=words("Trail Ridge Stride Summi Cairn Vert Grav Fell"),
    names=words(
        "Cairnwick Strideon Fellmark Ridgeloom Vertiqo Gravella Mosshook Peakling Stonevest Hillaro "
        "Brackenfoot Summita Longfell Dewpoint Tarnrunner Scramblo Skylarkin Mudlark Heathro Boulderby"
    ),
    hashtags=words(
        "#TrailRunning #VertOrBust #MudSeason #DawnPatrol #UltraLife #LongRunSunday #AidStation #HillRepeats"
    ),
    emoji=words("🏃 ⛰️ 🥾 🌄 💪"),
    domains=words("fellnotes.example verticallog.example mudandmiles.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "trail ridge blister shoe vest gel summit descent switchback headlamp poles ascent pacer bib "
                "lug gaiter singletrack scree taper cutoff aidstation flask calf achilles quad shin toenail "
                "chafing electrolyte bonk gpx contour col saddleback cairn boardwalk stile gully bog tussock "
                "heather fellside bracken ravine waterfall fireroad treeline plateau moonrise sunrise "
                "drizzle fog windchill hail midsole rocker drop outsole heelcup insole lace sock buff "
                "windshell softflask bladder waistbelt whistle foilblanket racekit dropbag lottery waitlist "
                "sweeper marshal medal buckle splits cadence heartrate threshold interval fartlek hillrep "
                "shakeout recovery physio taping stretching"
            ),
            doings=words(
                "climbing descending scrambling tapering fuelling pacing carbloading bonking hiking "
                "powerhiking foamrolling recceing shuffling bouldering orienteering marshalling sweeping "
                "camping navigating rockhopping stretching_out"
            ),
            qualities=words(
                "muddy steep rooty closed technical runnable exposed boggy rocky slippery grippy relentless "
                "overgrown misty windy gnarly knackered sodden waymarked alpine icy breezy"
            ),
            phrases=lines("""
                negative splits
                time on feet
                the last climb before the finish
                downhill legs
                soup at the aid station
                losing a toenail
                running by feel
                back to back long runs
            """),
            sentences=lines("""
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
                "en": lines("""
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
                "en": lines("""
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
                "en": lines("""
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
