"""Draw the pictures of the invented proposals: `python seed_data/draw_pictures.py`.

Flat shapes, drawn at twice their size and shrunk, so that edges are smooth. The pictures are
kept beside this script, since drawing them at every loading would only take time.
"""

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 800, 500, 2
FOLDER = Path(__file__).with_name("pictures")

SKY, EVENING, SAND, GRASS, LEAF, DARK_LEAF = (
    "#cfe8f3",
    "#3a3f6b",
    "#f0dfb8",
    "#9cc07a",
    "#5f9560",
    "#3f7350",
)
TRUNK, STONE, DARK, WHITE, RED, YELLOW, BLUE, ORANGE = (
    "#7a5638",
    "#c9c4bb",
    "#39424e",
    "#fbfaf6",
    "#c8553d",
    "#f2b84b",
    "#3d7ea6",
    "#e08e45",
)

SKIN = "#dba983"

Point = tuple[float, float]


class Canvas:
    """Draws in picture coordinates, whatever the scale."""

    def __init__(self, background: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), background)
        self._draw = ImageDraw.Draw(self.image)

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, round_: float = 0
    ) -> None:
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE]
        self._draw.rounded_rectangle(corners, round_ * SCALE, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, *, flat: float = 1) -> None:
        high = radius * flat
        corners = [
            (x - radius) * SCALE,
            (y - high) * SCALE,
            (x + radius) * SCALE,
            (y + high) * SCALE,
        ]
        self._draw.ellipse(corners, fill=colour)

    def shape(self, points: list[Point], colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: list[Point], colour: str, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def tree(self, x: float, ground: float, size: float, colour: str = LEAF) -> None:
        self.box(x - size * 0.09, ground - size * 0.9, size * 0.18, size * 0.9, TRUNK)
        for dx, dy, radius in ((-0.3, -1.0, 0.36), (0.3, -1.0, 0.36), (0.0, -1.3, 0.45)):
            self.disc(x + dx * size, ground + dy * size, radius * size, colour)

    def person(self, x: float, ground: float, size: float, colour: str) -> None:
        self.box(
            x - size * 0.18, ground - size * 0.72, size * 0.36, size * 0.72, colour, size * 0.16
        )
        self.disc(x, ground - size * 0.88, size * 0.17, SKIN)


def trees() -> Canvas:
    canvas = Canvas(SKY)
    canvas.disc(660, 90, 48, YELLOW)
    for x, colour in ((40, RED), (210, ORANGE), (380, SAND), (560, RED), (700, STONE)):
        canvas.box(x, 180, 140, 190, colour)
        canvas.shape([(x - 8, 182), (x + 70, 130), (x + 148, 182)], DARK)
        for column in (24, 86):
            canvas.box(x + column, 220, 30, 44, WHITE)
    canvas.box(0, 370, WIDTH, 130, STONE)
    canvas.box(0, 440, WIDTH, 60, DARK)
    for x in (120, 300, 480, 660):
        canvas.tree(x, 400, 130, LEAF if x % 120 else DARK_LEAF)
    for x, size, colour in ((210, 70, BLUE), (250, 58, YELLOW), (560, 66, RED)):
        canvas.person(x, 424, size, colour)
    return canvas


def playground() -> Canvas:
    canvas = Canvas(SKY)
    canvas.box(0, 330, WIDTH, 170, GRASS)
    canvas.disc(400, 430, 300, SAND, flat=0.2)
    canvas.tree(610, 400, 230, DARK_LEAF)
    canvas.line([(140, 420), (200, 230), (400, 230), (460, 420)], DARK, 10)
    for x in (260, 340):
        canvas.line([(x - 18, 232), (x - 18, 368)], DARK, 3)
        canvas.line([(x + 18, 232), (x + 18, 368)], DARK, 3)
        canvas.box(x - 26, 366, 52, 8, RED, 3)
    canvas.person(260, 366, 72, BLUE)
    canvas.person(80, 436, 84, ORANGE)
    return canvas


def market() -> Canvas:
    canvas = Canvas(EVENING)
    canvas.disc(680, 80, 34, SAND)
    canvas.box(90, 190, 620, 230, ORANGE)
    canvas.shape([(60, 195), (400, 70), (740, 195)], RED)
    for x in (140, 270, 400, 530):
        canvas.box(x, 250, 100, 170, YELLOW)
        canvas.disc(x + 50, 250, 50, YELLOW)
    canvas.box(0, 418, WIDTH, 82, DARK)
    canvas.line([(90, 180), (260, 214), (400, 196), (560, 214), (710, 180)], SAND, 3)
    for x in (130, 200, 270, 340, 410, 480, 550, 620, 680):
        canvas.disc(x, 210, 8, WHITE)
    for x, colour in ((190, BLUE), (320, WHITE), (450, RED), (590, GRASS)):
        canvas.person(x, 452, 92, colour)
    return canvas


def birds() -> Canvas:
    canvas = Canvas("#f6d9c4")
    canvas.disc(400, 250, 70, ORANGE)
    canvas.box(0, 260, WIDTH, 240, BLUE)
    canvas.box(330, 262, 140, 6, YELLOW)
    for x, y, size in ((170, 420, 1.0), (270, 450, 0.8), (90, 455, 0.7)):
        canvas.line([(x, y), (x, y - 90 * size)], DARK, 4)
        canvas.disc(x, y - 110 * size, 42 * size, "#ef9a9a", flat=0.55)
        neck = [
            (x + 30 * size, y - 115 * size),
            (x + 62 * size, y - 150 * size),
            (x + 40 * size, y - 190 * size),
        ]
        canvas.line(neck, "#ef9a9a", 10 * size)
        canvas.disc(x + 40 * size, y - 192 * size, 13 * size, "#ef9a9a")
        canvas.shape(
            [
                (x + 50 * size, y - 196 * size),
                (x + 74 * size, y - 182 * size),
                (x + 50 * size, y - 184 * size),
            ],
            DARK,
        )
    canvas.box(560, 240, 190, 150, TRUNK)
    canvas.shape([(540, 244), (655, 180), (770, 244)], DARK)
    canvas.box(590, 280, 130, 34, DARK)
    canvas.line([(580, 390), (580, 480)], TRUNK, 12)
    canvas.line([(730, 390), (730, 480)], TRUNK, 12)
    return canvas


def sun() -> Canvas:
    canvas = Canvas(SKY)
    canvas.disc(640, 110, 60, YELLOW)
    for step in range(12):
        angle = step * math.pi / 6
        start = (640 + 78 * math.cos(angle), 110 + 78 * math.sin(angle))
        end = (640 + 106 * math.cos(angle), 110 + 106 * math.sin(angle))
        canvas.line([start, end], YELLOW, 8)
    canvas.box(0, 400, WIDTH, 100, GRASS)
    canvas.box(120, 260, 500, 150, WHITE)
    canvas.shape([(80, 270), (200, 130), (560, 130), (660, 270)], DARK)
    for row in range(3):
        for column in range(6):
            x = 206 - row * 34 + column * (58 + row * 11)
            y = 142 + row * 40
            canvas.shape(
                [(x, y), (x + 50 + row * 8, y), (x + 46 + row * 8, y + 32), (x - 14, y + 32)], BLUE
            )
    for x in (170, 290, 410, 530):
        canvas.box(x, 310, 60, 50, BLUE)
    return canvas


def bus() -> Canvas:
    canvas = Canvas(SKY)
    for x, size in ((90, 120), (720, 150)):
        canvas.tree(x, 390, size)
    canvas.box(0, 385, WIDTH, 115, STONE)
    canvas.box(160, 170, 480, 230, RED, 28)
    canvas.box(190, 200, 300, 110, SAND, 8)
    for number in range(14):
        colour = (BLUE, YELLOW, DARK_LEAF, ORANGE, WHITE)[number % 5]
        canvas.box(198 + number * 21, 214 + number % 3 * 6, 16, 92 - number % 3 * 6, colour)
    canvas.box(520, 200, 90, 90, SKY, 8)
    canvas.box(160, 330, 480, 16, WHITE)
    for x in (260, 540):
        canvas.disc(x, 402, 44, DARK)
        canvas.disc(x, 402, 18, STONE)
    canvas.person(700, 450, 100, BLUE)
    return canvas


def tools() -> Canvas:
    canvas = Canvas("#e9e2d2")
    canvas.box(60, 330, 680, 40, TRUNK, 6)
    canvas.box(110, 368, 36, 132, TRUNK)
    canvas.box(654, 368, 36, 132, TRUNK)
    canvas.box(130, 90, 20, 120, TRUNK, 6)
    canvas.box(92, 70, 96, 40, DARK, 6)
    canvas.line([(260, 90), (330, 200)], BLUE, 20)
    canvas.disc(256, 84, 30, BLUE)
    canvas.disc(248, 74, 14, "#e9e2d2")
    canvas.box(420, 70, 22, 80, RED, 8)
    canvas.box(427, 148, 8, 64, DARK)
    for x in (280, 470):
        canvas.disc(x, 270, 64, DARK)
        canvas.disc(x, 270, 54, "#e9e2d2")
        canvas.disc(x, 270, 8, DARK)
    canvas.line([(280, 270), (330, 200), (430, 200), (470, 270)], ORANGE, 9)
    canvas.line([(330, 200), (372, 272), (430, 200)], ORANGE, 9)
    canvas.line([(372, 272), (280, 270)], ORANGE, 9)
    canvas.box(570, 230, 110, 100, STONE, 12)
    canvas.box(590, 214, 70, 18, DARK, 6)
    return canvas


def garden() -> Canvas:
    canvas = Canvas(SKY)
    canvas.box(0, 250, WIDTH, 250, GRASS)
    canvas.box(560, 130, 170, 160, ORANGE)
    canvas.shape([(540, 135), (645, 60), (750, 135)], DARK)
    canvas.box(620, 190, 56, 100, TRUNK)
    for vegetable, y in (("carrots", 300), ("cabbages", 370), ("tomatoes", 440)):
        canvas.box(50, y, 470, 44, TRUNK, 10)
        for column in range(9):
            x = 80 + column * 52
            canvas.disc(x, y, 15, DARK_LEAF if vegetable == "cabbages" else LEAF)
            if vegetable == "carrots":
                canvas.shape([(x - 8, y + 8), (x + 8, y + 8), (x, y + 34)], ORANGE)
            if vegetable == "tomatoes":
                canvas.disc(x, y - 4, 8, RED)
    canvas.person(590, 440, 96, BLUE)
    canvas.person(660, 456, 80, YELLOW)
    return canvas


def chess() -> Canvas:
    canvas = Canvas("#dfeacb")
    for x in (80, 300, 520, 740):
        canvas.tree(x, 330, 190, LEAF if x % 440 else DARK_LEAF)
    canvas.box(0, 330, WIDTH, 170, SAND)
    canvas.shape([(240, 320), (560, 320), (620, 390), (180, 390)], STONE)
    for row in range(4):
        for column in range(8):
            if (row + column) % 2:
                continue
            left, right = 300 - row * 14, 500 + row * 14
            step = (right - left) / 8
            x, y = left + column * step, 328 + row * 14
            canvas.shape([(x, y), (x + step, y), (x + step - 2, y + 14), (x - 4, y + 14)], DARK)
    canvas.box(370, 390, 60, 90, STONE)
    for x, y, colour in ((330, 336, WHITE), (390, 350, RED), (450, 340, WHITE), (480, 362, RED)):
        canvas.box(x - 7, y - 26, 14, 26, colour, 4)
        canvas.disc(x, y - 30, 9, colour)
    canvas.person(130, 450, 130, BLUE)
    canvas.person(670, 450, 130, RED)
    return canvas


PICTURES: tuple[Callable[[], Canvas], ...] = (
    trees,
    playground,
    market,
    birds,
    sun,
    bus,
    tools,
    garden,
    chess,
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for draw in PICTURES:
        small = draw().image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        path = FOLDER / f"{draw.__name__}.png"
        small.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
