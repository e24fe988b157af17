"""What every class gets from its table: signature, docs, ranges, repr, pickle, copy, presets."""

import copy
import inspect
import json
import pickle
import pydoc
import re

import mixdsp as mx
import numpy as np
import pytest
from catalogue import catalogue, effects, fixed_rows, sheet_of
from hypothesis import given
from hypothesis import strategies as st


def test_the_signature_is_the_table(cls):
    sheet = sheet_of(cls)
    parameters = inspect.signature(cls).parameters
    expected = [row["key"] for row in sheet["rows"]]
    expected += [group["key"] for group in sheet["groups"]]
    expected += [row["key"] for row in fixed_rows(sheet)]
    expected += ["key"] * sheet["listens"]
    assert list(parameters) == expected
    fx = cls()
    for row in sheet["rows"]:
        assert parameters[row["key"]].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert parameters[row["key"]].default == getattr(fx, row["key"])
    for row in fixed_rows(sheet):
        assert parameters[row["key"]].kind is inspect.Parameter.KEYWORD_ONLY


def test_the_docs_tell_every_parameter_with_range_and_unit(cls):
    sheet = sheet_of(cls)
    told = " ".join(cls.__doc__.split())
    assert told.startswith(sheet["doc"])
    for row in [*sheet["rows"], *fixed_rows(sheet)]:
        assert f"{row['key']} : " in told
        assert row["doc"] in told
        assert row["doc"] in getattr(cls, row["key"]).__doc__
        if row["unit"]:
            assert f" {row['unit']}, " in told
    for row in sheet["readings"]:
        assert f"{row['key']} : {row['unit'] or 'number'} {row['doc']}" in told


def test_ids_are_those_of_the_table(cls):
    sheet = sheet_of(cls)
    assert catalogue()[cls._table.number]["key"] == sheet["key"]
    assert list(cls._table.config) == [row["key"] for row in sheet["config"]]
    assert [(r.id, r.key) for r in cls._table.readings] == [(row["id"], row["key"]) for row in sheet["readings"]]
    for row in [*sheet["rows"], *fixed_rows(sheet)]:
        assert getattr(cls, row["key"]).id == row["id"]
    for group in sheet["groups"]:
        item = getattr(cls, group["key"]).item
        assert [getattr(item, row["key"]).id for row in group["rows"]] == [row["id"] for row in group["rows"]]


def test_the_code_of_a_class_is_found(cls):
    assert inspect.getsource(cls).startswith(f"class {cls.__name__}(Processor):")
    with pytest.raises(TypeError) as caught:
        cls(**{next(iter(inspect.signature(cls).parameters)): object()})
    lines = [str(entry.statement).strip() for entry in caught.traceback]
    assert any(line.startswith("self.") and " = " in line for line in lines), "a traceback shows what was set"


def test_help_shows_what_may_be_touched(cls):
    told = pydoc.plain(pydoc.render_doc(cls))
    for name in inspect.signature(cls).parameters:
        assert f"\n |  {name}\n" in told
    shown = re.findall(r"^ \|  (\w+)(?:\(| =|$)", told, flags=re.M)
    private = [name for name in shown if name.startswith("_") and not name.endswith("__")]
    assert private == []


def test_positions_are_those_of_the_table(cls):
    rows = sheet_of(cls)["rows"]
    fx = cls(*(cls().params[row["key"]].default for row in rows))
    assert fx == cls()


@given(data=st.data())
def test_repr_pickle_copy_and_dict_give_an_equal_effect(cls, data):
    fx = data.draw(effects(cls))
    assert eval(repr(fx), vars(mx)) == fx
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(fx, protocol)) == fx
    assert copy.copy(fx) == fx and copy.deepcopy(fx) == fx
    told = json.loads(json.dumps(fx.to_dict()))
    assert cls.from_dict(told) == fx and mx.Effect.from_dict(told) == fx


@given(data=st.data())
def test_a_copy_lives_on_its_own(cls, data):
    fx = data.draw(effects(cls))
    other, before = copy.copy(fx), copy.deepcopy(fx)
    for name, param in other.params.items():
        if param.automatable and not param.choices:
            target = other
            if "[" in name:
                group, _, rest = name.partition("[")
                at, _, name = rest.partition("].")
                target = getattr(other, group)[int(at)]
            setattr(target, name, type(param.value)(param.max if param.value != param.max else param.min))
    assert fx == before


def test_effects_are_equal_by_value_and_not_hashable(cls):
    assert cls() == cls()
    assert cls() != object()
    with pytest.raises(TypeError, match="unhashable"):
        hash(cls())


def test_params_tell_everything(cls):
    sheet = sheet_of(cls)
    params = cls().params
    for row in sheet["rows"]:
        param = params[row["key"]]
        assert (param.name, param.unit, param.min, param.max) == (row["key"], row["unit"], row["min"], row["max"])
        assert param.doc == row["doc"] and param.value == param.default and param.automatable
    for row in fixed_rows(sheet):
        assert not params[row["key"]].automatable


def test_a_value_out_of_range_names_parameter_value_and_range(cls):
    sheet = sheet_of(cls)
    for row in [*sheet["rows"], *fixed_rows(sheet)]:
        if row["scaling"] in ("switch", "choice"):
            continue
        for wrong in (row["min"] - 1, row["max"] + 1, np.nan, np.inf, -np.inf):
            fx = cls()
            with pytest.raises(ValueError, match=rf"^{row['key']} = .* is outside .* to .*{row['unit']}$"):
                cls(**{row["key"]: wrong})
            with pytest.raises(ValueError, match="is outside"):
                setattr(fx, row["key"], wrong)
            assert fx == cls(), "the old value stays"


def test_a_value_of_another_kind_is_a_type_error(cls):
    for key, field in inspect.signature(cls).parameters.items():
        for wrong in (None, object(), 1j, "a", b"a", [1.0]):
            if key == "key" and isinstance(wrong, (str, type(None))):
                continue
            if isinstance(wrong, str) and isinstance(getattr(cls(), key), str):
                continue
            with pytest.raises(TypeError, match=key):
                cls(**{key: wrong})
        if field.annotation is float:
            with pytest.raises(TypeError, match=f"^{key} must be a number .* not bool$"):
                cls(**{key: True})


def test_numpy_scalars_are_numbers(cls):
    for row in sheet_of(cls)["rows"]:
        if row["scaling"] not in ("switch", "choice"):
            value = np.float64(row["max"])
            fx = cls(**{row["key"]: value})
            assert type(getattr(fx, row["key"])) in (float, int)
            assert cls(**{row["key"]: np.array(value)}) == fx
        elif row["scaling"] == "switch":
            assert getattr(cls(**{row["key"]: np.bool_(True)}), row["key"]) is True


def test_choices_are_told():
    with pytest.raises(ValueError, match=r"kind = 'kazoo' is not one of 'bell', 'low_shelf'"):
        mx.Band(kind="kazoo")


def test_unknown_names_are_told(cls):
    with pytest.raises(TypeError, match="unexpected keyword argument 'loudness_war'"):
        cls(loudness_war=11)
    with pytest.raises(AttributeError):
        cls().loudness_war = 11
    with pytest.raises(ValueError, match='no parameter "loudness_war"'):
        cls.from_dict({**cls().to_dict(), "loudness_war": 11})
    with pytest.raises(TypeError, match="positional argument"):
        cls(*[0] * 1_000)


def test_a_dict_of_another_effect_or_version_is_refused():
    with pytest.raises(ValueError, match="does not make a Gain"):
        mx.Gain.from_dict(mx.Equalizer().to_dict())
    with pytest.raises(ValueError, match="no processor \"fuzz\"; there are gain, "):
        mx.Effect.from_dict({"effect": "fuzz"})
    with pytest.raises(ValueError, match="version = 2"):
        mx.Effect.from_dict({**mx.Gain().to_dict(), "version": 2})
    with pytest.raises(TypeError, match="takes a dict"):
        mx.Effect.from_dict("gain")


def test_a_class_of_ones_own_keeps_everything():
    class Louder(mx.Gain):
        """Three decibels."""

        def __init__(self):
            super().__init__(3.0)

    fx = Louder()
    assert fx.gain_db == 3 and copy.copy(fx) == fx and fx != mx.Gain(3)
    assert np.allclose(fx(np.ones(4), 48_000), 10 ** (3 / 20))
    assert Louder.from_dict(mx.Gain(-1).to_dict()).gain_db == -1


def test_every_effect_shows_itself_in_notebooks(cls):
    page = cls()._repr_html_()
    assert cls.__name__ in page and page.startswith("<div>") and page.endswith("</div>")


def test_bands_keep_what_is_set_in_place():
    eq = mx.Equalizer([mx.bell(100, 3)])
    eq.bands[0].gain_db = -3
    eq.bands.append(mx.high_shelf(8_000, 1))
    assert eq == mx.Equalizer([mx.bell(100, -3), mx.high_shelf(8_000, 1)])
    eq.bands.append("bell")
    with pytest.raises(TypeError, match=r"bands must be a list of Equalizer\.Band, not str"):
        eq(np.zeros(4), 48_000)
    with pytest.raises(ValueError, match="65 bands given, at most 64 are possible"):
        mx.Equalizer([mx.Band()] * 65)


def test_bands_from_dicts_and_alone():
    assert mx.Equalizer(mx.bell(100, 3)) == mx.Equalizer([{"frequency_hz": 100, "gain_db": 3}])


@pytest.mark.parametrize("slope", [6, 12, 18, 24, 36, 48, 72, 96])
def test_slopes_of_passes_are_butterworth(slope):
    frequencies = np.array([50, 100, 200.0])
    for make, far in ((mx.highpass, 0), (mx.lowpass, 2)):
        band = make(100, slope_db_per_octave=slope)
        h = mx.Equalizer(band, steepest_slope=96).response(frequencies, 48_000)
        db = 20 * np.log10(np.abs(h))
        assert db[1] == pytest.approx(-3.0103, abs=0.01)
        assert db[far] == pytest.approx(-10 * np.log10(1 + 4 ** (slope / 6)), abs=0.02)


def test_passes_that_cannot_be():
    with pytest.raises(ValueError, match="slope_db_per_octave = 30 is not one of 6, 12, 18, 24, 36, 48, 72, 96"):
        mx.highpass(100, slope_db_per_octave=30)
    with pytest.raises(ValueError, match="only passes of 12 dB per octave take a q"):
        mx.highpass(100, q=2, slope_db_per_octave=24)
    assert mx.lowpass(100, q=4).q == 4
    message = r"bands\[0\].slope_db_per_octave = 96 is not one of 6, 12, 18, 24, 36, 48; see steepest_slope"
    with pytest.raises(ValueError, match=message):
        mx.Equalizer(mx.highpass(100, slope_db_per_octave=96))(np.zeros((2, 4)), 48_000)


def test_a_range_that_config_narrows_names_it():
    with pytest.raises(ValueError, match="echo.time_ms = 3000 is outside 1 to 2000 ms; see maximum_seconds"):
        mx.Chain(echo=mx.Delay(3_000))(np.zeros((2, 4)), 48_000)
    assert mx.Delay(3_000, maximum_seconds=3)(np.zeros((2, 4)), 48_000).shape == (2, 4)


def test_version_and_vector_instructions():
    assert mx.__version__.count(".") == 2
    assert mx.simd_level() in ("AVX2", "SSE2", "NEON", "scalar", "AVX-512", "SIMD128")


def test_pictures_show_what_the_engine_does():
    from mixdsp.engine import _html

    levels, out = _html.steady_levels(mx.Compressor(-30, 4, knee_db=0))
    loud = levels >= -20
    assert np.allclose(out[loud], -30 + (levels[loud] + 30) / 4, atol=0.1)
    assert np.allclose(out[levels <= -32], levels[levels <= -32], atol=0.05)
    seconds, level = _html.energy_decay(mx.Reverb(decay_seconds=1.0, bass_ratio=1, treble_ratio=1, mix=1))
    slope = np.polyfit(seconds[40:120], level[40:120], 1)[0]
    assert slope == pytest.approx(-60, rel=0.1), "60 dB in a second"
    for fx in (mx.Equalizer(mx.bell(100, 3)), mx.Compressor(), mx.Limiter(), mx.Reverb(), mx.Delay()):
        assert "<svg" in fx._repr_html_()
    assert "<svg" not in mx.Pan()._repr_html_()
