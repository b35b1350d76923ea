import os


def lambda_handler(event, context):
    print(f"logs go to {os.environ.get('S3_BUCKET_NAME', 'nowhere')}")
    return f"Hello, {event}!"
