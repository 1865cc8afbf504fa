"""Looking at what there is."""

from typing import Any

from tests.discord.conftest import World, card_of, words_of


def shown(result: Any) -> Any:
    return (result.followups or [result.response])[-1]


async def test_the_newest_articles_are_listed_with_links(world: World) -> None:
    result = await world.alice.slash(world.channel, "articles recent", count=5)
    assert result.ephemeral
    lines = (card_of(shown(result)).description or "").splitlines()
    assert len(lines) == 5
    assert all(line.startswith("• ") for line in lines)


async def test_articles_are_found_by_what_they_are_about(world: World) -> None:
    found = await world.alice.slash(world.channel, "articles search", words="fentanyl talks in Beijing")
    assert "American and Chinese officials" in words_of(shown(found)).splitlines()[2]
    none = await world.alice.slash(world.channel, "articles recent", publisher="Nobody")
    assert "There are none." in words_of(shown(none))


async def test_an_article_is_shown_by_its_title_its_id_or_its_address(world: World) -> None:
    choices = await world.alice.autocomplete(world.channel, "articles show", "article", "american and")
    by_id = await world.alice.slash(world.channel, "articles show", article=choices[0]["value"])
    assert "opened two days of talks" in words_of(shown(by_id))
    title = card_of(shown(by_id)).title
    by_title = await world.alice.slash(world.channel, "articles show", article=title)
    assert words_of(shown(by_title)) == words_of(shown(by_id))
    missing = await world.alice.slash(world.channel, "articles show", article="no such thing")
    assert "no such article" in words_of(shown(missing))


async def test_the_publishers_are_listed_with_their_articles(world: World) -> None:
    assert "Meridian Wire" in words_of(shown(await world.alice.slash(world.channel, "sources")))


async def test_the_figures_say_how_much_there_is_and_how_current_it_is(world: World) -> None:
    card = card_of(shown(await world.alice.slash(world.channel, "stats")))
    fields = {field.name: field.value for field in card.fields}
    assert int(fields["Articles"] or 0) > 10
    assert fields["Newest article"] == "12 November 2024"
