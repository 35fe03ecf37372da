"""What only a browser can show: size, place, colour, focus, leaving quickly."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.ground.design import pages
from tests.support.browser import Devices

THEMES = ("light", "dark", "dim")
CONTROLS = "a.button, button, summary, select, input:not([type=hidden]), .choice, a.row, .answer"


@pytest.fixture(autouse=True)
def own_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = pages.__name__
    pages.posted.clear()


def with_screen(devices: Devices, theme: str, *, desktop: bool = True, **options: Any) -> Page:
    """Return a page of a device whose owner chose a screen."""
    context = (devices.desktop if desktop else devices.phone)(**options)
    context.add_init_script(f"try {{ localStorage.setItem('screen', '{theme}') }} catch {{}}")
    return context.new_page()


def boxes(page: Page, selector: str) -> list[dict[str, Any]]:
    """Return the visible boxes of a page, each with its words."""
    found: list[dict[str, Any]] = page.eval_on_selector_all(
        selector,
        """all => all.filter(one => one.checkVisibility()).map(one => ({
            ...one.getBoundingClientRect().toJSON(), words: one.innerText || one.name, inside: !!one.closest('.choice')
        }))""",
    )
    return found


def test_no_page_breaks_a_rule_of_accessibility(devices: Devices, axe: Callable[[Page], None]) -> None:
    page = devices.desktop().new_page()
    for address in ("/me/page/?refused", "/clinic/page/?refused", "/clinic/session/"):
        page.goto(address)
        for theme in THEMES:
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            axe(page)


def test_no_component_breaks_a_rule_of_accessibility(devices: Devices, axe: Callable[[Page], None]) -> None:
    page = devices.desktop().new_page()
    page.goto("/living/")

    axe(page)


def test_first_tab_stop_leaves_and_the_second_skips(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/")
    stops = []
    for _stop in range(3):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.innerText.trim()"))

    assert stops == ["Leave this page", "Skip to the content", "Help now"]


def test_leaving_covers_the_screen_at_once_and_takes_its_place_in_the_history(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/first/")
    page.goto("/me/page/")
    covered = page.evaluate(
        """() => {
            document.querySelector('[data-exit]').click();
            return ['covered' in document.documentElement.dataset, document.body.checkVisibility(), document.title];
        }"""
    )
    page.wait_for_url("**/left/")
    page.go_back()

    assert covered == [True, False, ""]
    assert page.url.endswith("/me/first/")


def test_three_times_shift_leaves(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/me/page/")
    for _press in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url("**/left/")


def test_writing_capitals_does_not_leave(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/me/page/")
    page.focus("#id_weight")
    page.keyboard.type("ABC Def GHi")
    for _press in range(2):
        page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.wait_for_timeout(200)

    assert page.url.endswith("/me/page/")


def test_parent_touches_large_controls_that_stand_apart(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/")
    small = [
        box["words"] for box in boxes(page, CONTROLS) if not box["inside"] and min(box["width"], box["height"]) < 44
    ]

    assert small == []


def test_main_button_stands_in_the_lower_part_and_is_56_high(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/")
    (button,) = boxes(page, ".button.main")

    assert button["height"] >= 56
    assert button["top"] > 740 * 0.4
    assert button["bottom"] <= 740


def test_left_hand_gets_the_main_button_left(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/")
    sides = []
    for hand in ("right", "left"):
        page.evaluate(f"document.documentElement.dataset.hand = '{hand}'")
        sides.append(boxes(page, ".button.main")[0]["left"] < boxes(page, ".action-bar .button:not(.main)")[0]["left"])

    assert sides == [False, True]


@pytest.mark.parametrize("address", ["/me/page/?refused", "/clinic/page/?refused", "/clinic/session/"])
def test_page_of_320_pixels_scrolls_one_way_only(devices: Devices, address: str) -> None:
    page = devices.desktop(viewport={"width": 320, "height": 256}).new_page()
    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_clinic_on_a_phone_keeps_tabs_and_actions_in_one_row_each(
    devices: Devices, axe: Callable[[Page], None]
) -> None:
    page = devices.desktop(viewport={"width": 360, "height": 740}).new_page()
    page.goto("/clinic/page/")
    (tabs,), (bar,), (current,) = (boxes(page, one) for one in (".tabs", ".action-bar", ".tabs [aria-current]"))

    assert tabs["height"] < 60
    assert bar["height"] <= 72
    assert tabs["left"] <= current["left"] < current["right"] <= tabs["right"]
    expect(page.locator(".tabs[data-before][data-after]")).to_have_count(1)
    assert [one["words"] for one in boxes(page, ".action-bar .button")] == ["Sign", "More"]
    page.locator(".tabs a").last.focus()
    assert boxes(page, ".tabs a")[-1]["right"] <= tabs["right"] + 1
    page.get_by_text("More").press("Enter")
    assert [one["words"] for one in boxes(page, ".more > div > *")] == [
        "Put off",
        "Ask somebody else",
        "Leave it as it is",
    ]
    axe(page)
    page.keyboard.press("Escape")
    assert boxes(page, ".more > div > *") == []
    assert page.evaluate("document.activeElement.textContent") == "More"
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".action-bar .button")).to_have_text(
        ["Put off", "Sign", "Ask somebody else", "Leave it as it is"]
    )


def test_session_targets_are_56_high_and_readings_96_px(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/session/")
    low = [box["words"] for box in boxes(page, "main .button, main input:not([type=hidden])") if box["height"] < 56]

    assert low == []
    assert page.eval_on_selector(".reading-value", "one => getComputedStyle(one).fontSize") == "96px"


def test_identity_stays_in_sight_when_the_page_is_scrolled(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/session/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    assert boxes(page, ".identity-name")[0]["top"] >= 0


def brightness(page: Page) -> float:
    """Return the mean luminance of the screen as a share of white."""
    picture = base64.b64encode(page.screenshot()).decode()
    blank = page.context.new_page()
    mean: float = blank.evaluate(
        """async data => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + data;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0);
            const pixels = pen.getImageData(0, 0, image.width, image.height).data;
            const light = value => value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
            let sum = 0;
            for (let at = 0; at < pixels.length; at += 4) {
                sum += 0.2126 * light(pixels[at]) + 0.7152 * light(pixels[at + 1]) + 0.0722 * light(pixels[at + 2]);
            }
            return sum / (pixels.length / 4);
        }""",
        picture,
    )
    blank.close()
    return mean


@pytest.mark.parametrize(("address", "desktop"), [("/clinic/session/", True), ("/me/page/", False)])
def test_dim_screen_gives_at_most_a_twentieth_of_white(devices: Devices, address: str, desktop: bool) -> None:
    page = with_screen(devices, "dim", desktop=desktop)
    page.goto(address)

    assert brightness(page) <= 0.05


def test_dim_is_one_tap_moves_nothing_and_goes_back(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/session/")
    before = boxes(page, "main *")
    page.get_by_role("button", name="Dim").click()
    dimmed = page.evaluate("document.documentElement.dataset.theme")

    assert boxes(page, "main *") == before
    page.get_by_role("button", name="Dim").click()
    assert (dimmed, page.evaluate("document.documentElement.dataset.theme ?? 'auto'")) == ("dim", "auto")


@pytest.mark.parametrize(("chosen", "system", "paper"), [
    ("auto", "light", "rgb(250, 246, 239)"),
    ("auto", "dark", "rgb(22, 24, 29)"),
    ("light", "dark", "rgb(250, 246, 239)"),
    ("dark", "light", "rgb(22, 24, 29)"),
    ("dim", "light", "rgb(11, 9, 8)"),
])  # fmt: skip
def test_screen_follows_the_choice_then_the_system(devices: Devices, chosen: str, system: str, paper: str) -> None:
    page = with_screen(devices, chosen, color_scheme=system)
    page.goto("/me/first/")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_screen_is_chosen_before_anything_is_painted(devices: Devices) -> None:
    page = with_screen(devices, "dim")
    page.add_init_script(
        "new MutationObserver((_, own) => document.body && (own.disconnect(),"
        " window.atFirst = document.documentElement.dataset.theme)).observe(document, {childList: true, subtree: true})"
    )
    page.goto("/me/page/")

    assert page.evaluate("window.atFirst") == "dim"


def test_choice_of_screen_is_kept_on_the_device(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/first/")
    page.get_by_role("button", name="Dim").click()
    page.goto("/me/page/")

    assert page.evaluate("document.documentElement.dataset.theme") == "dim"
    assert page.context.cookies() == []


def test_page_of_a_parent_weighs_little(devices: Devices) -> None:
    page = devices.phone().new_page()
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        sizes[response.url] = response.request.sizes()["responseBodySize"]

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto("/me/page/", wait_until="networkidle")

    assert len(sizes) > 5
    assert sum(sizes.values()) < 40_000


@pytest.mark.parametrize("width", [1280, 768])
def test_texts_of_drawings_stay_inside_apart_and_large_in_real_letters(devices: Devices, width: int) -> None:
    page = devices.desktop(viewport={"width": width, "height": 800}).new_page()
    page.goto("/living/")
    trouble = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].filter(one => one.checkVisibility()).flatMap(svg => {
            const {width, height} = svg.viewBox.baseVal;
            const texts = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBBox()]);
            const leaves = b => b.x < -1 || b.y < -3 || b.x + b.width > width + 1 || b.y + b.height > height + 3;
            const across = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width;
            const down = (a, b) => a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3;
            const out = texts.filter(([_, box]) => leaves(box));
            const pairs = texts.flatMap(([text, a], at) => texts.slice(at + 1)
                .filter(([_, b]) => across(a, b) && down(a, b)).map(([other]) => text + ' / ' + other));
            const small = [...svg.querySelectorAll('text')].filter(one =>
                one.getAttribute('font-size') * svg.getBoundingClientRect().width / width < 12.99);
            return [...out.map(([text]) => text), ...pairs, ...small.map(one => 'small: ' + one.textContent)];
        })"""
    )

    assert trouble == []


def test_notices_keep_their_rhythm_and_rest_where_motion_is_unwelcome(devices: Devices) -> None:
    rhythms = []
    for motion in ("no-preference", "reduce"):
        page = devices.desktop(reduced_motion=motion).new_page()
        page.goto("/clinic/session/")
        rhythms.append(
            page.eval_on_selector_all(
                ".notice",
                "all => all.map(one => getComputedStyle(one)).map(s => s.animationName + ' ' + s.animationDuration)",
            )
        )

    assert rhythms == [["notice-emergency 0.5s", "notice-act 2s"], ["none 0s", "none 0s"]]


def test_stepper_steps_and_stops_at_its_limits(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/session/")
    higher = page.get_by_role("button", name="Heart rate higher")
    higher.click()
    first = page.input_value("#id_rate")
    page.fill("#id_rate", "248")
    higher.click()

    assert (first, page.input_value("#id_rate")) == ("77", "250")


def test_refused_form_takes_the_focus_to_what_is_wrong(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/?refused")

    assert page.evaluate("document.activeElement.matches('.errors')")
    assert page.input_value("#id_weight") == "7OO"


def test_two_quick_touches_send_one_form(devices: Devices) -> None:
    page = devices.phone().new_page()
    page.goto("/me/page/")
    page.fill("#id_weight", "70")
    page.check("#id_sleep_0")
    with page.expect_navigation():
        page.evaluate("() => { for (const _ of [1, 2]) document.querySelector('.button.main').click() }")

    assert pages.posted == ["/me/page/"]


def test_running_clocks_run(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/page/")
    first = page.inner_text("[data-count=up]")
    page.wait_for_function("before => document.querySelector('[data-count=up]').innerText !== before", arg=first)

    assert page.inner_text("[data-count=due]") in {"due in 12 min", "due in 11 min"}


def test_deadline_that_passes_while_the_page_is_open_says_so(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.clock.install()
    page.goto("/clinic/page/")
    page.clock.run_for(13 * 60 * 1000)

    assert page.inner_text("[data-count=due]") in {"1 min late", "due now"}
    assert page.locator(".state-look use").first.get_attribute("href") == "#i-look"


def test_printed_page_keeps_the_record_and_drops_the_controls(devices: Devices) -> None:
    page = with_screen(devices, "dark")
    page.goto("/clinic/page/")
    page.emulate_media(media="print")

    assert boxes(page, "nav, .button") == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert boxes(page, ".identity-name")


def test_chosen_answer_is_seen_without_colours(devices: Devices) -> None:
    page = devices.desktop(forced_colors="active").new_page()
    page.goto("/me/page/")
    page.check("#id_sleep_1")
    widths = page.eval_on_selector_all(".choice", "all => all.map(one => getComputedStyle(one).borderTopWidth)")

    assert widths == ["1px", "3px"]
