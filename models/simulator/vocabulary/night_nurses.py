"""Nurses on the night shift."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

NIGHT_NURSES: Final = Vocabulary(
    community="night-nurses",
    peak_hour=2.5,
    weekend=1.05,
    stems=words("Medi Clini Vita Sana Cura Pulsa Ward Shifta"),
    names=words(
        "Ward_Seven St_Odilo Larkhill_General Medisyl Northfield_Infirmary Bay_Twelve Shiftwise Calmapump "
        "Hartwell_Unit Triagely Sister_Maud Elmgate_Hospital Vitalog Orrin_Wing Scrubbery Night_Desk "
        "Quietus_Beds Pagerline Mercer_Court Infusa"
    ),
    hashtags=words(
        "#NightShift #NursesUnite #SafeStaffing #WardLife #HandoverTime #ScrubsAndCoffee #ThreeAmClub #BreakRoom"
    ),
    emoji=words("🏥 🌙 💉 🩺 😴"),
    domains=words("nightdesk.example wardnotes.example staffingwatch.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
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
            doings=words(
                "charting turning cannulating bleeping handing_over restocking double_checking medicating "
                "triaging night_driving napping clocking_off gowning_up escalating comforting rostering "
                "observing transferring hand_washing sleeping_through_daylight"
            ),
            qualities=words(
                "alarming exhausted short-handed quiet-ish feverish stable understaffed overbooked unpaid "
                "sterile nil-by-mouth agency-filled beeping bleary stat discharged confused overfull "
                "sleepless caffeinated"
            ),
            phrases=lines("""
                do not say the q word
                the three in the morning slump
                one nurse for twelve beds
                handover at seven
                sleeping through the day
                tea going cold
                the call bell
                a full moon on the ward
            """),
            sentences=lines("""
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
                "en": lines("""
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
                "en": lines("""
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
                "en": lines("""
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
