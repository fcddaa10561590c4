"""The bucket as any S3 client sees it, with all that was ever written to it."""

import collections
import dataclasses
import datetime

import botocore.config
import botocore.session


@dataclasses.dataclass(frozen=True)
class Write:
    """One version of a key: an object, or the mark of its removal."""

    id: str
    at: datetime.datetime
    is_latest: bool
    bytes: int | None


class Store:
    def __init__(self, endpoint, accessKey, secretKey, bucket):
        self.bucket = bucket
        self.client = botocore.session.get_session().create_client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=accessKey,
            aws_secret_access_key=secretKey,
            config=botocore.config.Config(s3={"addressing_style": "path"}),
        )

    def read(self, key, write_id=None):
        version = {} if write_id is None else {"VersionId": write_id}
        return self.client.get_object(Bucket=self.bucket, Key=key, **version)["Body"].read()

    def history(self):
        """Key -> its writes, oldest first."""
        history = collections.defaultdict(list)
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        for page in pages:
            for kind in ("Versions", "DeleteMarkers"):
                for one in page.get(kind, []):
                    write = Write(one["VersionId"], one["LastModified"], one["IsLatest"], one.get("Size"))
                    history[one["Key"]].append(write)
        for writes in history.values():
            # Of the same moment: the latest is marked as such.
            writes.sort(key=lambda write: (write.at, write.is_latest))
        return history
