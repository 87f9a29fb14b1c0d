"""People who build mechanical keyboards."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

KEYBOARDS: Final = Vocabulary(
    community="keyboards",
    peak_hour=22.0,
    weekend=1.1,
    stems=words("Keyb Thocc Switch Kappa Tactil Clack Plata Stabi"),
    names=words(
        "Thockwell Plumboard Kestrel65 Saltlake_TKL Gateway_Blues Nimbus60 Keyhaus Owlcaps Ferrous_Forty "
        "Linnet_Alice Driftplate Marzipan_Switches Bento_Pad Tern_Split Orbit75 Capworks Soft_Geometry "
        "Quillboard Larder_Keys Umbra_R2"
    ),
    hashtags=words(
        "#MechKeys #GroupBuy #ThockThursday #KeycapFriday #EndGameBoard #SwitchTest #LubeStation #SplitGang"
    ),
    emoji=words("⌨️ 🔩 🧴 🎨 🫠"),
    domains=words("thockclub.example groupbuyradar.example keytest.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
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
            doings=words(
                "lubing filming clipping soldering_pins desoldering_pins typing spring_swapping tuning "
                "stabbing_stems remapping building_boards clacking thocking sound_testing group_buying "
                "raffling anodising_parts colour_matching unbagging trying_layouts"
            ),
            qualities=words(
                "thocky scratchy clacky creamy rattly pingy cancelled mushy-tactile buttery hollow poppy "
                "e-white retooled factory-lubed marbly muted shiny crooked backordered b-stock"
            ),
            phrases=lines("""
                endgame for real this time
                a group buy from two years ago
                stabilizer rattle
                the sound of a good spacebar
                one more board
                lubing seventy switches
                keycaps in customs
                split layout converts
            """),
            sentences=lines("""
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
                "en": lines("""
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
                "en": lines("""
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
                "en": lines("""
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
