"""A browser for tests: Debian's Chromium, headless, driven over HTTP by its own chromedriver (W3C WebDriver)."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

BROWSER = "/usr/bin/chromium"
DRIVER = "chromedriver"
PATIENCE = 120  # seconds, for whatever a loaded machine has to do
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key by which WebDriver marks an element

# Runs in the page, beside its policy: waits in it until the function gives something true, and gives that.
WAIT = """
const done = arguments[arguments.length - 1];
const condition = () => { %s };
const look = () => {
  let value;
  try { value = condition(); } catch (error) { value = undefined; }
  if (value) done(value); else setTimeout(look, 20);
};
look();
"""

# Before any script of a page: what its policy forbids, and what went wrong that nobody caught.
WATCH = """
window.__wrong = [];
document.addEventListener('securitypolicyviolation',
  (event) => window.__wrong.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
addEventListener('error', (event) => window.__wrong.push(`error: ${event.message}`));
addEventListener('unhandledrejection', (event) => window.__wrong.push(`rejection: ${event.reason}`));
"""


def is_installed():
    return os.path.exists(BROWSER) and shutil.which(DRIVER) is not None


class DriverError(Exception):
    """What the driver answered: its error code and message."""


class Browser:
    """One window. close() ends the browser and its driver, and takes its profile away."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        self.session = None
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the driver listens here
        # A group of its own, so that nothing of the browser outlives it.
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       env={**os.environ, "HOME": self.home.name}, start_new_session=True)
        try:
            self.port = self._port()
            # --no-sandbox: the tests run as root in containers, and only our own daemon's page is opened.
            options = {"binary": BROWSER,
                       "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                                "--no-first-run", "--disable-background-networking", "--window-size=1200,900",
                                f"--user-data-dir={self.home.name}/profile"]}
            session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
                "timeouts": {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000}}}})
            self.session = f"/session/{session['sessionId']}"
            self.devtools("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        except BaseException:
            self.close()
            raise

    def close(self):
        try:
            if self.session:
                self._ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            try:
                self.driver.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.driver.kill()
                self.driver.wait()
            self.driver.stdout.close()
            self.home.cleanup()

    def _port(self):
        said = b""
        for line in self.driver.stdout:
            said += line
            found = re.search(rb"started successfully on port (\d+)", line)
            if found:
                return int(found[1])
        raise DriverError(f"{DRIVER} did not start: {said.decode(errors='replace')}")

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=data,
                                         headers={"Content-Type": "application/json"})
        try:
            with self.opener.open(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            value = json.load(refused)["value"]
            raise DriverError(f"{value['error']}: {value['message']}") from None

    def _post(self, path, **body):
        return self._ask("POST", self.session + path, body)

    def devtools(self, command, **parameters):
        """One command of the DevTools protocol."""
        return self._post("/goog/cdp/execute", cmd=command, params=parameters)

    def open(self, url):
        self._post("/url", url=url)

    def run(self, script, *arguments):
        """The body of a function, run in the page; gives what it returns."""
        return self._post("/execute/sync", script=script, args=list(arguments))

    def wait(self, condition, *arguments):
        """Waits in the page until this body of a function gives something true; gives that."""
        try:
            return self._post("/execute/async", script=WAIT % condition, args=list(arguments))
        except DriverError as error:
            raise AssertionError(f"it never came that {condition}: {error}\n{self.text()}") from None

    def text(self):
        return self.run("return document.body.innerText")

    def press(self, *keys):
        """Real keys, one after the other, to whatever has the focus. Names as in WebDriver: see KEYS."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def press_with(self, modifier, key):
        down, value = KEYS[modifier], KEYS.get(key, key)
        self._post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": down}, {"type": "keyDown", "value": value},
            {"type": "keyUp", "value": value}, {"type": "keyUp", "value": down}]}])

    def click(self, selector):
        self._post(f"/element/{self._element(selector)}/click")

    def label(self, selector):
        """The name by which assistive technology knows an element."""
        return self._ask("GET", f"{self.session}/element/{self._element(selector)}/computedlabel")

    def role(self, selector):
        return self._ask("GET", f"{self.session}/element/{self._element(selector)}/computedrole")

    def screenshot(self):
        """The window as a PNG file, in base64."""
        return self._ask("GET", f"{self.session}/screenshot")

    def _element(self, selector):
        return self._post("/element", using="css selector", value=selector)[ELEMENT]

    def resize(self, width, height):
        """The page as on a telephone of this size; 0, 0: the window's own."""
        if width == 0:
            self.devtools("Emulation.clearDeviceMetricsOverride")
        else:
            self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2,
                          mobile=True)

    def prefer(self, scheme):
        """prefers-color-scheme: dark, light, or "" for what the browser takes by itself."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def wrong(self):
        """What the console has had to complain of since the last call, and what WATCH saw on the page that is open."""
        told = [f"{entry['source']}: {entry['message']}" for entry in self._post("/se/log", type="browser")
                if entry["level"] in ("SEVERE", "WARNING")]
        seen = self.run("const seen = window.__wrong ?? []; window.__wrong = []; return seen")
        return told + seen


KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Space": " ", "End": "\ue010", "Home": "\ue011",
        "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Escape": "\ue00c",
        "Backspace": "\ue003"}
