"""Pages of clusters of reports: the list, one of them as a picture and a table."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from webapp import clock
from webapp.brokers import cluster_presenter, cluster_queries
from webapp.brokers.cluster_command import command
from webapp.page import page_or_part, row_id

blueprint = Blueprint("clusters", __name__, cli_group=None)
blueprint.cli.add_command(command)
blueprint.add_app_template_global(cluster_queries.links_of, "links_of_report")


@blueprint.get("/broker-clusters")
def index() -> Response:
    found, next_before = cluster_queries.page(request.args.get("before", type=row_id))
    return page_or_part(
        "brokers/clusters.html",
        "brokers/_cluster_rows.html",
        found=found,
        next_before=next_before,
        regencies=cluster_queries.regencies([cluster.id for cluster, _ in found]),
        most_named=cluster_queries.NAMED,
        news_since=clock.now() - cluster_queries.NEWS,
    )


@blueprint.get("/broker-clusters/<int:cluster_id>")
def show(cluster_id: int) -> Response:
    cluster, area = cluster_queries.get(cluster_id)
    page = "brokers/cluster.html"
    since = clock.now() - cluster_queries.NEWS
    return page_or_part(page, page, news_since=since, **cluster_presenter.page_of(cluster, area))
