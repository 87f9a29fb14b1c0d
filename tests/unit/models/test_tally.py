from models.tally import Counts


def test_counts_of_several_communities_add_up():
    total = Counts(applied=3, late=1, baseline_changes=1)
    total.add(Counts(applied=4, too_late=2, backfilled=4))
    assert total == Counts(applied=7, late=1, too_late=2, backfilled=4, baseline_changes=1)
