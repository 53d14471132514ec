#!/usr/bin/env python3
"""Writes tests/golden/config_fields.json: every field of transformers' configuration classes of our architectures with its default, for the
test that each is read, refused or of no effect (tests/model/config_fields_test.cpp). Made with transformers 5.23.0.
usage: scripts/make_config_fields.py"""
import dataclasses, json, os
from transformers import AutoConfig

types = "llama mistral qwen2 qwen3 mixtral qwen2_moe qwen3_moe olmoe deepseek_v2 deepseek_v3 gpt_oss".split()
fields = {}
for model_type in types:
    cls = type(AutoConfig.for_model(model_type))
    fields[model_type] = {f.name: f.default for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}
path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden", "config_fields.json")
with open(path, "w") as f: f.write(json.dumps(fields, indent=1) + "\n")
