"""Asks a running aggregator with every call of its contract, as a program in Python would.

usage: query_all.py generated|reflected ADDRESS < requests.json

requests.json maps "Service/Method" to a request in protobuf's JSON form; of a stream, the updates up to the end of its
snapshot are taken. Prints one JSON object: the answers by the same names, or for a call that failed its status and text.

"generated" uses the classes that protoc and Debian's grpc_python_plugin made of the .proto files (on PYTHONPATH);
"reflected" uses no file at all: it asks the server itself what it can be asked.
"""
import importlib
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

PACKAGE = "augmenter.v1"
DEADLINE_SECONDS = 10
UPDATES_MAX = 100


class Generated:
    """Messages from *_pb2, calls from the stubs of *_pb2_grpc."""

    modules = {"PathService": "path_service", "PolicyService": "policy_service"}

    def __init__(self, channel):
        self.channel = channel

    def call(self, service, method):
        name = "augmenter.v1." + self.modules[service]
        messages = importlib.import_module(name + "_pb2")
        stubs = importlib.import_module(name + "_pb2_grpc")
        described = messages.DESCRIPTOR.services_by_name[service].methods_by_name[method]
        home = importlib.import_module(described.input_type.file.name.replace("/", ".").replace(".proto", "_pb2"))
        request_class = getattr(home, described.input_type.name)
        stub = getattr(stubs, service + "Stub")(self.channel)
        return request_class, getattr(stub, method)


class Reflected:
    """Everything from grpc.reflection.v1; only its own two messages are described here."""

    def __init__(self, channel):
        self.channel = channel
        self.pool = descriptor_pool.DescriptorPool()
        self.request, self.response = reflection_messages()
        self.added = set()

    def ask(self, **question):
        stream = self.channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=self.request.SerializeToString,
            response_deserializer=self.response.FromString,
        )
        return next(stream(iter([self.request(**question)]), timeout=DEADLINE_SECONDS))

    def call(self, service, method):
        answer = self.ask(file_containing_symbol=PACKAGE + "." + service)
        files = [descriptor_pb2.FileDescriptorProto.FromString(raw) for raw in answer.file_descriptor_response.file_descriptor_proto]
        self.add(files)
        described = self.pool.FindServiceByName(PACKAGE + "." + service).methods_by_name[method]
        request_class = message_class(described.input_type)
        kind = self.channel.unary_stream if server_streams(described) else self.channel.unary_unary
        path = "/%s.%s/%s" % (PACKAGE, service, method)
        return request_class, kind(
            path,
            request_serializer=request_class.SerializeToString,
            response_deserializer=message_class(described.output_type).FromString,
        )

    def add(self, files):
        waiting = [file for file in files if file.name not in self.added]
        while waiting:
            ready = [file for file in waiting if all(name in self.added for name in file.dependency)]
            if not ready:
                raise SystemExit("a file is missing that %s imports" % waiting[0].name)
            for file in ready:
                self.pool.Add(file)
                self.added.add(file.name)
            waiting = [file for file in waiting if file.name not in self.added]


def reflection_messages():
    """ServerReflectionRequest and ServerReflectionResponse, as far as they are used."""
    file = descriptor_pb2.FileDescriptorProto(name="reflection.proto", package="grpc.reflection.v1", syntax="proto3")
    text, raw = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
    one, many = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL, descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
    request = file.message_type.add(name="ServerReflectionRequest")
    request.field.add(name="file_containing_symbol", number=4, type=text, label=one)
    found = file.message_type.add(name="FileDescriptorResponse")
    found.field.add(name="file_descriptor_proto", number=1, type=raw, label=many)
    response = file.message_type.add(name="ServerReflectionResponse")
    response.field.add(
        name="file_descriptor_response",
        number=4,
        type=descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE,
        type_name=".grpc.reflection.v1.FileDescriptorResponse",
        label=one,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    names = ("ServerReflectionRequest", "ServerReflectionResponse")
    return [message_class(pool.FindMessageTypeByName("grpc.reflection.v1." + name)) for name in names]


def message_class(descriptor):
    return message_factory.MessageFactory(descriptor.file.pool).GetPrototype(descriptor)


def server_streams(method):
    described = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(described)
    return described.server_streaming


def as_json(message):
    return json_format.MessageToDict(message, including_default_value_fields=True)


def answer_of(call, request):
    outcome = call(request, timeout=DEADLINE_SECONDS)
    if not hasattr(outcome, "__next__"):
        return as_json(outcome)
    updates = []
    for update in outcome:
        updates.append(as_json(update))
        if "snapshotEnd" in updates[-1] or len(updates) >= UPDATES_MAX:
            outcome.cancel()
            break
    return updates


def main():
    mode, address = sys.argv[1:]
    channel = grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])
    client = {"generated": Generated, "reflected": Reflected}[mode](channel)
    answers = {}
    for name, request in json.load(sys.stdin).items():
        request_class, call = client.call(*name.split("/"))
        try:
            answers[name] = answer_of(call, json_format.ParseDict(request, request_class()))
        except grpc.RpcError as error:
            answers[name] = {"error": error.code().name, "details": error.details()}
    print(json.dumps(answers))


main()
