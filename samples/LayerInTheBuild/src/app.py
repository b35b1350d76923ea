import humanize


def lambda_handler(event, context):
    print(f"received {event}")
    return humanize.naturalsize(len(event))
