"""The official SAM translator, offline."""

import logging
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.utils.py27hash_fix import to_py27_compatible_template, undo_mark_unicode_str_in_template
from samtranslator.yaml_helper import yaml_parse

from infra.local.intrinsics import NotInterpreted

REGION = "eu-central-1"

# The translator warns that it may have been told of no features; it never is.
logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.ERROR)


def translate(text: str) -> dict[str, Any]:
    """Turn a SAM template into plain CloudFormation; the translator needs packaged code, so it is told of some."""
    source = yaml_parse(text)
    functions = [each for each in source["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    for owner in (source.get("Globals", {}).get("Function", {}), *(each.get("Properties", {}) for each in functions)):
        if owner.get("CodeUri", ".") not in (".", "./"):
            raise NotInterpreted(f"CodeUri {owner['CodeUri']}: the local stack runs the code beside template.yaml")
        if "CodeUri" in owner:
            owner["CodeUri"] = "s3://local/code"
    to_py27_compatible_template(source, {})
    session = boto3.session.Session(region_name=REGION)
    translator = Translator(None, Parser(), boto_session=session)
    expanded = translator.translate(source, parameter_values={}, get_managed_policy_map=dict)
    translator.metrics.publish()  # nowhere: it would complain at its end of what it counted
    plain: dict[str, Any] = undo_mark_unicode_str_in_template(expanded)
    return plain
