"""The report in a real browser, opened from disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from videostep.sample import SampleType
from videostep.store.entries import ErrorEntry
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph, street_graph
from videostep.viewer.report import ReportConfig, write_report

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
)
STREET = street_graph()
RED, LEFT = "c1-person-1.top-colour.red", "c1-person-1.walks-to-the-left.1"
SITS, SAME = "c2-person-2.sits-down.1", "c1-person-1.same-as.c2-person-2"


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[webdriver.Chrome]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (program and driver):
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium and chromedriver: the report is tested in a browser")
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def street_page(make_run, make_sample) -> Path:
    red = ("Who wears a red top?", "person", [RED], (0.0, 10.0))
    left = ("What does that person do?", "walks to the left", [LEFT], (6.2, 9.0))
    samples = [
        make_sample(STREET, "What does the person in red do?", "walks to the left", red, left),
        make_sample(
            STREET,
            "Does the person in red of the first scene sit down?",
            "yes",
            red,
            ("Who is it later?", "person", [SAME], (0.0, 18.0)),
            ("Does that person sit down?", "yes", [SITS], (14.0, 15.0)),
            type=SampleType(structure="verify", semantics="motion", temporal="scene"),
        ),
    ]
    error = ErrorEntry(
        video="b", path="broken.mp4", severity="failed", stage="decode", reason="no picture", remedy="copy it"
    )
    return write_report(make_run(STREET, samples=samples, errors=[error]))


def _open(browser: webdriver.Chrome, page: Path) -> None:
    browser.get("about:blank")
    _drain(browser)
    browser.get(page.as_uri())


def _drain(browser: webdriver.Chrome) -> tuple[list[str], list[str]]:
    """What the console said, and every address that was asked for, since the last time."""
    console = [entry["message"] for entry in browser.get_log("browser")]
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    return console, asked


def _lit(browser: webdriver.Chrome, pane: str) -> set[str]:
    nodes = browser.find_elements(By.CSS_SELECTOR, f"{pane} .lit[data-id]")
    return {node.get_attribute("data-id") for node in nodes}


def _cards(browser: webdriver.Chrome) -> list:
    return browser.find_elements(By.CSS_SELECTOR, ".card-head")


def test_a_question_and_its_steps_light_their_evidence_everywhere(browser, street_page):
    _open(browser, street_page)
    assert _lit(browser, "main") == set()

    _cards(browser)[0].click()
    assert _lit(browser, "#canvas") == {"c1-person-1", RED, LEFT}

    browser.find_elements(By.CSS_SELECTOR, ".step")[1].click()
    assert _lit(browser, "#frame") == {"c1-person-1"}
    assert _lit(browser, "#canvas") == {"c1-person-1", LEFT}
    assert _lit(browser, "#lanes") == {"c1-person-1", LEFT}
    assert "6.2\u20139.0 s" in browser.find_element(By.ID, "evidence-line").text
    band = browser.find_element(By.CSS_SELECTOR, "#lanes .band")
    track = browser.find_element(By.CSS_SELECTOR, "#lanes .thing .lane-track")
    assert band.rect["width"] == pytest.approx(track.rect["width"] * 2.8 / 24, abs=1.5)
    assert band.rect["x"] == pytest.approx(track.rect["x"] + track.rect["width"] * 6.2 / 24, abs=1.5)


def test_a_step_brings_its_picture_into_view(browser, street_page):
    _open(browser, street_page)
    _cards(browser)[1].click()
    browser.find_elements(By.CSS_SELECTOR, ".step")[2].click()
    shown = browser.find_element(By.CSS_SELECTOR, ".thumb[aria-pressed='true']").get_attribute(
        "data-keyframe"
    )
    assert shown == "c2-k2"
    assert _lit(browser, "#frame") == {"c2-person-2"}


def test_a_click_on_the_timeline_brings_that_moment_into_view(browser, street_page):
    _open(browser, street_page)
    track = browser.find_element(By.CSS_SELECTOR, "#lanes .thing .lane-track")
    at_19_s = int(track.rect["width"] * (19 / 24 - 0.5))
    ActionChains(browser).move_to_element_with_offset(track, at_19_s, 0).click().perform()
    shown = browser.find_element(By.CSS_SELECTOR, ".thumb[aria-pressed='true']").get_attribute(
        "data-keyframe"
    )
    assert shown == "c3-k1"


def test_filters_and_search_narrow_the_cards(browser, street_page):
    _open(browser, street_page)
    assert len(_cards(browser)) == 2
    browser.find_element(By.CSS_SELECTOR, "select[name='structure'] option[value='verify']").click()
    assert [card.find_element(By.CLASS_NAME, "answer").text for card in _cards(browser)] == ["yes"]
    browser.find_element(By.CSS_SELECTOR, "#filters input[type='search']").send_keys("no such words")
    assert _cards(browser) == []
    assert browser.find_element(By.ID, "questions-count").text == "0 of 2 questions"


def test_the_page_works_by_keyboard(browser, street_page):
    _open(browser, street_page)
    card = _cards(browser)[0]
    browser.execute_script("arguments[0].focus()", card)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert "step" in browser.switch_to.active_element.get_attribute("class")
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("aria-pressed") == "true"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert _lit(browser, "main") == set()


def test_pointing_at_a_thing_shows_what_it_is_joined_to(browser, street_page):
    _open(browser, street_page)
    thing = browser.find_element(By.CSS_SELECTOR, "#canvas .thing-node[data-id='c1-person-3']")
    browser.execute_script("arguments[0].focus()", thing)
    hot = browser.find_elements(By.CSS_SELECTOR, "#canvas .hot[data-id]")
    assert {node.get_attribute("data-id") for node in hot} == {
        "c1-person-3",
        "c1-backpack-1",
        "c1-person-3.carrying.c1-backpack-1",
        "c1-person-3.top-colour.black",
        "c1-person-3.enters.1",
        "c1-person-3.walks-to-the-right.1",
    }


def test_a_link_leads_back_to_the_open_question(browser, street_page):
    _open(browser, street_page)
    _cards(browser)[1].click()
    address = browser.current_url
    browser.get("about:blank")
    browser.get(address)
    opened = browser.find_element(By.CSS_SELECTOR, ".card.open .question").text
    assert opened == "Does the person in red of the first scene sit down?"


@pytest.mark.parametrize("width_px", [1280, 400])
def test_nothing_is_wider_than_the_window(browser, street_page, width_px):
    metrics = {"width": width_px, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    _open(browser, street_page)
    _cards(browser)[0].click()
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width_px
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_thing_has_one_name_and_one_lane_in_all_its_scenes(browser, street_page):
    _open(browser, street_page)
    names = {
        node.get_attribute("data-id"): node.find_element(By.TAG_NAME, "text").text
        for node in browser.find_elements(By.CSS_SELECTOR, "#canvas .thing-node")
    }
    assert names["c1-person-1"] == names["c2-person-2"] == "person 1"
    assert len(set(names.values())) == len(names) - len(STREET.references)
    lane = browser.find_element(By.CSS_SELECTOR, ".lane:has([data-id='c1-person-1'])")
    assert lane.find_elements(By.CSS_SELECTOR, "[data-id='c2-person-2']")


def test_in_a_crowd_a_question_shows_only_its_things(browser, make_run, make_sample):
    crowd = random_graph(3, n_clips=1, n_objects=60)
    thing = crowd.objects[7].id
    sample = make_sample(crowd, "Who?", "person", ("Who?", "person", [thing], crowd.clips[0].span_s))
    _open(browser, write_report(make_run(crowd, samples=[sample])))

    def shown() -> list[str]:
        nodes = browser.find_elements(By.CSS_SELECTOR, "#canvas .thing-node")
        return [node.get_attribute("data-id") for node in nodes]

    assert len(shown()) == 60
    _cards(browser)[0].click()
    assert shown() == [thing]
    assert "59 things not shown" in browser.find_element(By.ID, "canvas").text
    browser.find_element(By.XPATH, "//button[text()='all things']").click()
    assert len(shown()) == 60


def test_a_question_of_another_video_opens_that_video(browser, make_run, make_sample):
    other = random_graph(1)
    step = ("Who?", "person", [other.objects[0].id], other.clips[0].span_s)
    samples = [make_sample(STREET, "What?", "bus", ("What?", "bus", ["c1-bus-1"], (0.0, 6.0)))]
    samples.append(make_sample(other, "Who comes by?", "person", step))
    _open(browser, write_report(make_run(STREET, other, samples=samples)))
    chosen = "return document.querySelector('#picker select').selectedOptions[0].textContent"
    assert browser.execute_script(chosen).startswith("random-1.mp4")
    browser.find_element(By.CSS_SELECTOR, "#filters input[type='checkbox']").click()
    assert len(_cards(browser)) == 2
    browser.find_element(By.XPATH, "//button[contains(., 'What?')]").click()
    assert browser.execute_script(chosen).startswith("street.mp4")
    assert _lit(browser, "#canvas") == {"c1-bus-1"}


def test_linked_pictures_are_shown_from_beside_the_page(browser, make_run):
    _open(browser, write_report(make_run(STREET), ReportConfig(pictures_bytes=0)))
    width = (
        "const img = document.querySelector('#frame img'); return img.decode().then(() => img.naturalWidth)"
    )
    assert browser.execute_script(width) == 640
    assert _drain(browser)[0] == []


def test_nothing_is_said_in_the_console_and_nothing_is_asked_of_the_network(browser, street_page):
    _open(browser, street_page)
    _cards(browser)[0].click()
    browser.find_elements(By.CSS_SELECTOR, ".step")[0].click()
    console, asked = _drain(browser)
    assert console == []
    assert {address.split(":", 1)[0] for address in asked} == {"file", "data"}
    assert [address for address in asked if address.startswith("file")] == [street_page.as_uri()]


def test_what_is_not_there_leaves_no_word_behind(browser, street_page):
    _open(browser, street_page)
    for body in browser.find_elements(By.CSS_SELECTOR, "#controls-body, #breakdown-body"):
        kinds = browser.execute_script("return [...arguments[0].childNodes].map((it) => it.nodeType)", body)
        assert kinds
        assert set(kinds) == {1}  # Elements, and no bare words such as "null".


def test_words_from_data_are_shown_and_never_run(browser, make_run, make_sample):
    label = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    street = GraphBuilder("hostile", duration_s=4.0)
    clip = street.clip(0.0, 4.0)
    thing = street.thing(clip, label, kind="dynamic", colour='"><b onclick=x>')
    other = street.thing(clip, "bus")
    edge = street.relation(thing, "<i>", other)
    street.event(clip, f"{label} appears", [thing])
    graph = street.build()
    sample = make_sample(graph, f"Who? {label}", "<u>x</u>", (f"Which? {label}", "&amp;", [edge], (0.0, 4.0)))
    _open(browser, write_report(make_run(graph, samples=[sample])))

    _cards(browser)[0].click()
    assert browser.execute_script("return window.ran") is None
    assert browser.find_elements(By.CSS_SELECTOR, "main b, main i, main u, img[src='x']") == []
    assert browser.find_element(By.CSS_SELECTOR, ".card .question").text == f"Who? {label}"
    assert browser.find_element(By.CSS_SELECTOR, ".card .answer").text == "<u>x</u>"
    assert browser.find_element(By.CSS_SELECTOR, ".step strong").text == "&amp;"
    assert label in browser.find_element(By.ID, "seen").text
    assert _drain(browser)[0] == []


def test_a_picture_that_is_missing_is_said_and_its_boxes_are_still_drawn(browser, make_run):
    run = make_run(STREET)
    for picture in (run / "keyframes").rglob("*.jpg"):
        picture.unlink()
    _open(browser, write_report(run))
    frame = browser.find_element(By.ID, "frame")
    assert "picture missing" in frame.text
    assert frame.find_elements(By.CSS_SELECTOR, "[data-id='c1-bus-1']")


def test_a_run_with_nothing_but_errors_says_so(browser, make_run):
    error = ErrorEntry(
        video="b", path="broken.mp4", severity="failed", stage="decode", reason="no picture", remedy="copy it"
    )
    _open(browser, write_report(make_run(errors=[error])))
    assert "broken.mp4 (decode, failed): no picture" in browser.find_element(By.ID, "errors").text
    assert browser.find_element(By.ID, "picker").text == "No video of this run has a graph."
    assert _drain(browser)[0] == []


class TestCouldItBeAnsweredWithoutTheVideo:
    @staticmethod
    def yes_or_no(make_sample, graphs, tells):
        step = ("Which?", "bus", ["c1-bus-1"], (0.0, 6.0))
        return [
            make_sample(
                graph,
                f"Is {number} {answer if tells else 'there'}?",
                answer,
                step,
                step,
                answer_kind="binary",
                type=SampleType(structure="verify", semantics="object", temporal="none"),
            )
            for graph in graphs
            for number, answer in enumerate(("yes", "no") * 3)
        ]

    def test_words_that_give_answers_away_are_said_and_shown(self, browser, make_run, make_sample):
        graphs = [random_graph(seed) for seed in range(6)]
        samples = self.yes_or_no(make_sample, graphs, tells=True)
        _open(browser, write_report(make_run(*graphs, samples=samples)))
        section = browser.find_element(By.ID, "controls")
        assert section.get_attribute("open")
        assert "right in 100 % where the answer is yes or no (luck: 50 %)" in section.text
        assert "the words give answers away" in section.text
        row = section.find_element(By.CSS_SELECTOR, "tr.given-away")
        assert [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")][:5] == [
            "yes or no",
            "36",
            "50 %",
            "50 % 50\u201350",
            "100 % 54\u2013100",
        ]
        assert "None of 36 questions of two steps and more has a twin" in section.text
        assert _drain(browser)[0] == []

    def test_one_video_says_that_it_cannot_be_measured(self, browser, make_run, make_sample):
        samples = self.yes_or_no(make_sample, [STREET], tells=True)
        _open(browser, write_report(make_run(STREET, samples=samples)))
        section = browser.find_element(By.ID, "controls")
        assert not section.get_attribute("open")
        section.find_element(By.TAG_NAME, "summary").click()
        assert "there is only one: it cannot be measured here" in section.text
        assert "not measurable" in section.find_element(By.CSS_SELECTOR, "td.words").text

    def test_a_few_questions_are_no_proof(self, browser, make_run, make_sample):
        graphs = [random_graph(seed) for seed in range(5)]
        firsts = self.yes_or_no(make_sample, graphs, tells=False)[::6]
        few = [replace(firsts[0], answer="no"), *firsts[1:]]
        _open(browser, write_report(make_run(*graphs, samples=few)))
        section = browser.find_element(By.ID, "controls")
        assert not section.get_attribute("open")
        assert not section.find_elements(By.CSS_SELECTOR, "tr.given-away")
        section.find_element(By.TAG_NAME, "summary").click()
        assert "right in 80 %" in section.text
        assert "too few questions, or videos, to say for sure" in section.text

    def test_without_questions_it_is_not_asked(self, browser, make_run):
        _open(browser, write_report(make_run(STREET)))
        assert not browser.find_element(By.ID, "controls").is_displayed()
