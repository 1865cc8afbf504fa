"""What stands under an answer, pressed by its asker, by others, late, and after a restart."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.discord.bot import PullquoteBot
from bot.discord.feedback import Reason
from bot.discord.ledger import Ledger
from tests.discord.conftest import World, card_of, words_of

LED = "who led the US delegation?"
UNKNOWN = "who won the chess olympiad?"


def button(message: Any, label: str) -> str:
    """The id of the button with this label or emoji."""
    for row in message.components:
        for item in row["components"] if isinstance(row, dict) else [c.to_dict() for c in row.children]:
            if label in (item.get("label"), (item.get("emoji") or {}).get("name")):
                return str(item["custom_id"])
    raise AssertionError(f"no button {label}")


async def press(who: Any, message: Any, label: str) -> Any:
    return await who.click(message, custom_id=button(message, label))


async def test_the_asker_turns_to_the_next_source_and_back(world: World) -> None:
    await world.ask(LED)
    answer = world.channel.last_message
    await press(world.alice, answer, "▶")
    turned = world.channel.last_message
    assert turned.id == answer.id
    assert "source 2 of 3" in words_of(turned)
    await press(world.alice, turned, "◀")
    assert words_of(world.channel.last_message) == words_of(answer)


async def test_others_turn_a_copy_of_their_own(world: World) -> None:
    await world.ask(LED)
    answer = world.channel.last_message
    copy = await press(world.moderator, answer, "▶")
    assert copy.ephemeral
    assert "source 2 of 3" in words_of(copy.response)
    assert words_of(world.channel.last_message) == words_of(answer)
    again = await press(world.moderator, copy.response, "▶")
    assert "source 3 of 3" in words_of(again.response)


async def test_context_shows_the_paragraphs_around_the_quote_to_the_one_who_asks(world: World) -> None:
    shown = await press(world.moderator, (await world.ask(LED)).response, "Show context")
    assert shown.ephemeral
    context = card_of(shown.response).description or ""
    assert "**Jennifer Daskal**" in context
    assert "Beijing suspended cooperation" in context  # the paragraph after


async def test_buttons_go_on_working_after_a_restart(
    world: World, make_bot: Callable[[], PullquoteBot]
) -> None:
    await world.ask(LED)
    await world.env.restart_bot(make_bot())
    await press(world.alice, world.channel.last_message, "▶")
    assert "source 2 of 3" in words_of(world.channel.last_message)
    rated = await press(world.alice, world.channel.last_message, "👍")
    assert "Thank you" in rated.response.content


async def test_a_card_whose_article_has_changed_says_so_and_still_shows_what_it_said(
    world: World, bot_data: Path, tmp_path: Path
) -> None:
    answer = await world.ask(LED)
    with Ledger(bot_data) as ledger:
        card = ledger.card_of_message(answer.response.id)
    assert card is not None
    change_article(bot_data, tmp_path, card.reply.sources[0].path or "")
    turned = await press(world.alice, (await press(world.alice, answer.response, "▶")).response, "◀")
    assert "The article has changed since it was quoted" in words_of(turned.response)
    assert "**Jennifer Daskal**" in words_of(turned.response)
    shown = await press(world.alice, answer.response, "Show context")
    assert "has changed" in words_of(shown.response)
    assert "**Jennifer Daskal**" in words_of(shown.response)


async def test_context_of_an_article_that_was_removed_says_so(world: World, bot_data: Path) -> None:
    answer = await world.ask(LED)
    with Ledger(bot_data) as ledger:
        card = ledger.card_of_message(answer.response.id)
    assert card is not None
    from index.writer import Writer

    with Writer(bot_data) as writer:
        writer.remove([card.reply.sources[0].article_id])
    shown = await press(world.alice, answer.response, "Show context")
    assert "no longer among the articles" in shown.response.content


async def test_an_answer_that_was_forgotten_says_so_when_pressed(world: World, bot_data: Path) -> None:
    answer = await world.ask(LED)
    with Ledger(bot_data) as ledger:
        assert ledger.forget_cards("9999") == 1
    for label in ("▶", "Show context", "Open thread", "👍"):
        told = await press(world.alice, answer.response, label)
        assert told.ephemeral
        assert "no longer know it" in told.response.content


async def test_a_thread_is_opened_once_and_not_from_a_private_answer(world: World) -> None:
    answer = await world.ask(LED)
    opened = await press(world.alice, answer.response, "Open thread")
    (thread,) = world.channel.threads
    assert thread.mention in opened.response.content
    again = await press(world.moderator, answer.response, "Open thread")
    assert "open already" in again.response.content
    private = await world.ask(LED, private=True)
    told = await press(world.alice, private.response, "Open thread")
    assert "only you see this answer" in told.response.content.lower()


async def test_a_thread_that_may_not_be_opened_is_explained(world: World) -> None:
    answer = await world.ask(LED)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
    told = await press(world.alice, answer.response, "Open thread")
    assert "Create Public Threads" in words_of((told.followups or [told.response])[-1])


def verdicts(data_dir: Path) -> list[tuple[bool, Reason | None, str]]:
    with Ledger(data_dir) as ledger:
        return [(each.good, each.reason, each.comment) for _, each in ledger.feedback()]


async def test_a_good_answer_is_noted(world: World, bot_data: Path) -> None:
    told = await press(world.moderator, (await world.ask(LED)).response, "👍")
    assert told.ephemeral
    assert verdicts(bot_data) == [(True, None, "")]


async def test_a_bad_answer_is_noted_with_its_reason_and_a_comment(world: World, bot_data: Path) -> None:
    asked_why = await press(world.alice, (await world.ask(LED)).response, "👎")
    assert asked_why.ephemeral
    assert verdicts(bot_data) == [(False, None, "")]
    menu = asked_why.response.components[0]["components"][0]
    offered = {option["value"] for option in menu["options"]}
    assert offered == {"WRONG_SPAN", "WRONG_ARTICLE", "SHOULD_HAVE_ABSTAINED", "OUT_OF_DATE"}
    chosen = await world.alice.select(asked_why.response, ["WRONG_SPAN"])
    assert verdicts(bot_data) == [(False, Reason.WRONG_SPAN, "")]
    form = await world.alice.click(chosen.response, label="Add a comment")
    (field,) = [item["components"][0] for item in form.modal["components"]]
    done = await world.alice.submit_modal(form, {field["custom_id"]: "It was her deputy."})
    assert "Thank you" in done.response.content
    assert verdicts(bot_data) == [(False, Reason.WRONG_SPAN, "It was her deputy.")]


async def test_an_abstention_that_is_bad_has_reasons_of_its_own(world: World) -> None:
    asked_why = await press(world.alice, (await world.ask(UNKNOWN)).response, "👎")
    menu = asked_why.response.components[0]["components"][0]
    assert [option["label"] for option in menu["options"]] == ["The articles do say it", "Wrong article"]


async def test_one_user_has_one_verdict_on_an_answer(world: World, bot_data: Path) -> None:
    answer = (await world.ask(LED)).response
    await press(world.alice, answer, "👎")
    await press(world.alice, answer, "👍")
    await press(world.moderator, answer, "👍")
    assert verdicts(bot_data) == [(True, None, "")] * 2


async def test_feedback_is_reported_in_the_channel_that_was_set(world: World) -> None:
    inbox = world.server.create_text_channel("feedback")
    await world.moderator.slash(world.channel, "config feedback", channel=inbox)
    answer = (await world.ask(LED)).response
    await press(world.alice, answer, "👍")
    report = inbox.last_message.content
    assert "👍" in report
    assert LED in report
    assert str(answer.id) in report


async def test_a_press_that_comes_too_late_for_discord_is_no_error(world: World) -> None:
    answer = await world.ask(LED)
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await press(world.alice, answer.response, "▶")
    assert "source 2 of 3" in words_of((await press(world.alice, answer.response, "▶")).response)


def change_article(data_dir: Path, folder: Path, path: str) -> None:
    """Ingest another text from the file that an article was read from."""
    from index.store import Store
    from index.writer import Entry, Writer

    with Store(data_dir) as store:
        article = next(each for each in store.articles() if each.path == path)
        model = store.model()
    assert model is not None
    import numpy as np

    from ingest.split import split

    changed = replace(article, text="Nothing of it was true.", digest="0" * 64)
    passages = split(changed.id, changed.text)
    vectors = np.ones((len(passages), model.dimensions), np.float32) / np.sqrt(model.dimensions)
    with Writer(data_dir) as writer:
        writer.write([Entry(changed, passages, vectors)], model)
