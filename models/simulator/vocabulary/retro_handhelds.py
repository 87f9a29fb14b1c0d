"""People who collect, mend and play old handheld consoles."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

RETRO_HANDHELDS: Final = Vocabulary(
    community="retro-handhelds",
    peak_hour=20.5,
    weekend=1.25,
    stems=words("Pocket Pixel Handa Retra Clam Dott Nova Gamo"),
    names=words(
        "Pocketron Miyagrid Ambergear Retrolark Tinyvault Pixelbrook Ganbit Novaclam Quartzboy Lumenpad "
        "Fernbit Clickpod Bitmoor Zephyrdeck Oldspark Cartella Glimmerox Rubypad Sagepocket Duskboy"
    ),
    hashtags=words(
        "#RetroGaming #HandheldSunday #ShellSwap #PixelPerfect #CartridgeClub #BacklightMod #SaveTheSaves #PocketArcade"
    ),
    emoji=words("🎮 🕹️ 👾 🔋 🔧"),
    domains=words("pocketpast.example shellswap.example cartclub.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "handheld battery firmware screen emulator shell cartridge dpad savefile backlight rom bezel "
                "joystick clamshell hinge bootloader sdcard trigger faceplate scaler ribbon potentiometer "
                "membrane buzzer framebuffer overclock devkit dualboot heatsink lanyard faq blister manual "
                "longbox stylus dock linkcable flashcart lens glasscover preloader homebrew launcher "
                "frontend theme boxart playlist romset sprite tilemap chiptune soundchip palette scanline "
                "dithering ghosting vsync framepacing latency hotkey savestate checkpoint speedrun highscore "
                "platformer shmup metroidvania beatemup roguelite puzzler sidescroller bossrush arcade port "
                "remaster prototype reprint translation patchset bios kernel overlay"
            ),
            doings=words(
                "reshelling reflashing soldering delidding overclocking backlighting recapping scraping "
                "upscaling unbricking modding emulating speedrunning cartswapping desoldering retrobrighting "
                "dumping patching boxing cataloguing hotswapping stickering savescumming"
            ),
            qualities=words(
                "yellowed laggy crisp swollen bricked translucent pixelated washed tinny glossy snappy "
                "scratched boxed region-locked frontlit mushy smeary gorgeous nostalgic bootleg loose "
                "underclocked"
            ),
            phrases=lines("""
                integer scaling
                the click of a good dpad
                screen tearing on scrolling stages
                save battery replacement
                running out of sd cards
                the smell of an old manual
                buying a console for one game
                the one stuck shoulder button
            """),
            sentences=lines("""
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
                "en": lines("""
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
                "en": lines("""
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
                "en": lines("""
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
